// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Clients;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Request;
import ai.jan.bench.load.Seen;
import ai.jan.bench.platform.Target;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Callers that ask at their rate before, while and after something that is needed does not work:
 * what each of them gets meanwhile, how late, and how soon all is well again.
 *
 * @param perSecond requests of each caller
 * @param clients connections of each caller at most
 * @param usual how long before, and after
 * @param outage how long
 */
public record StoreOutage(double perSecond, int clients, Duration usual, Duration outage) {
    /** What does not work, until it is closed. */
    @FunctionalInterface
    public interface Cause {
        Closeable begin() throws IOException;
    }

    /**
     * What one caller saw.
     *
     * @param target the caller's
     */
    public record Result(Target target, Seen before, Seen during, Seen after) {
        /**
         * How long after the end of it requests failed, if they failed one after the other; in
         * seconds.
         */
        public double recovery(double perSecond) {
            return after.failed() / perSecond;
        }
    }

    /**
     * @param callers the targets of callers, such as one with the key of each plan
     */
    public List<Result> run(List<Target> callers, Request request, Cause cause)
            throws IOException, InterruptedException {
        var before = phase(callers, request, usual);
        List<Seen> during;
        try (var _ = cause.begin()) {
            during = phase(callers, request, outage);
        }
        var after = phase(callers, request, usual);
        var results = new ArrayList<Result>();
        for (int i = 0; i < callers.size(); i++) {
            results.add(new Result(callers.get(i), before.get(i), during.get(i), after.get(i)));
        }
        return results;
    }

    private List<Seen> phase(List<Target> callers, Request request, Duration duration)
            throws InterruptedException {
        try (var run = new Clients()) {
            var load = new Load.Open(perSecond, clients);
            var seen =
                    callers.stream()
                            .map(caller -> run.begin(load, caller, request, duration))
                            .toList();
            run.run();
            return seen;
        }
    }
}
