// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Clients;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Request;
import ai.jan.bench.load.Seen;
import ai.jan.bench.platform.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Callers of different plans at the same time, most of whom ask for more than they may.
 *
 * @param duration how long they ask
 */
public record MixedPlans(Duration duration) {
    /**
     * A caller who has not asked for anything yet.
     *
     * @param target with the caller's key
     * @param perSecond how many requests are due
     * @param clients connections at most
     * @param perMinute how many requests the plan allows
     */
    public record Caller(Target target, double perSecond, int clients, int perMinute) {
        /**
         * How many are admitted at most in a time: a bucket that is full at first, and refills
         * continuously.
         */
        public long atMost(Duration time) {
            double refilled = perMinute * time.toMillis() / 60_000.0;
            return (long) Math.min(Math.ceil(perSecond * seconds(time)), perMinute + refilled);
        }

        private static double seconds(Duration time) {
            return time.toMillis() / 1000.0;
        }
    }

    /**
     * What a caller saw.
     *
     * @param took from the first request to the last answer
     */
    public record Result(Caller caller, Seen seen, Duration took) {
        public long admitted() {
            return seen.whole().getTotalCount();
        }

        /**
         * The share that was admitted of what the plan allows; above 1 it was too much.
         *
         * @param uncounted how many of them were admitted because nobody could count
         */
        public double shareOfLimit(long uncounted) {
            return (double) (admitted() - uncounted) / caller.atMost(took);
        }

        /** How many were answered 429. */
        public int refused() {
            return seen.failures().getOrDefault("429", 0);
        }

        /** How many failed otherwise, which none should. */
        public int failed() {
            return seen.failed() - refused();
        }
    }

    public List<Result> run(List<Caller> callers, Request request) throws InterruptedException {
        try (var clients = new Clients()) {
            long begun = System.nanoTime();
            var seen = new ArrayList<Seen>();
            for (var caller : callers) {
                var load = new Load.Open(caller.perSecond, caller.clients);
                seen.add(clients.begin(load, caller.target, request, duration));
            }
            clients.run();
            var took = Duration.ofNanos(System.nanoTime() - begun);
            var results = new ArrayList<Result>();
            for (int i = 0; i < callers.size(); i++) {
                results.add(new Result(callers.get(i), seen.get(i), took));
            }
            return results;
        }
    }
}
