// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Clients;
import ai.jan.bench.load.Crowd;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Pace;
import ai.jan.bench.load.Seen;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Clients that ask for much and read little or nothing, beside others that read as usual: what they
 * take from the others, what is held for them, and for how long.
 *
 * @param slow how many read a kilobyte a second
 * @param stopped how many read nothing
 * @param script of what they ask for: long enough to fill all buffers on the way
 * @param beside what the others ask for
 * @param others how many of them there are
 */
public record SlowReaders(int slow, int stopped, Script script, Chat beside, int others) {
    private static final Pace SLOW = new Pace(1024);

    /**
     * What was seen.
     *
     * @param before by the others without them
     * @param during by the others while nothing goes on in the answers of those that read nothing
     * @param gaugeBefore what the gauge said before they came
     * @param gaugeMost the most that it said while they were there
     * @param stuck how many answers the model could not send on with
     * @param ended in nanoseconds, from then until its connection was closed
     * @param notEnded how many of them were open still when patience ended
     */
    public record Result(
            Seen before,
            Seen during,
            double gaugeBefore,
            double gaugeMost,
            int stuck,
            Histogram ended,
            int notEnded) {}

    /**
     * @param gauge such as the memory of what is measured
     * @param measured how long the others are measured, each time
     * @param patience how long is waited for all buffers to fill, and then for the end
     */
    public Result run(
            MockModel model, Target target, Gauge gauge, Duration measured, Duration patience)
            throws IOException, InterruptedException {
        var before = new Load.Closed(others).run(target, beside, measured);
        double gaugeBefore = gauge.read();
        var names = new ArrayList<String>();
        var prefix = "slow-" + System.nanoTime() + "-";
        try (var clients = new Clients()) {
            var held = new Watch(clients, gauge, () -> true);
            var crowd = new Crowd(clients, target);
            for (int i = 0; i < slow; i++) {
                crowd.ask(new Chat(script, true, 0), SLOW);
            }
            for (int i = 0; i < stopped; i++) {
                names.add(prefix + i);
                crowd.ask(new Chat(script.named(prefix + i), true, 0), Pace.NONE);
            }
            long full = System.nanoTime() + patience.toNanos();
            clients.runUntil(() -> stuck(model, names) == stopped || System.nanoTime() > full);
            int stuck = stuck(model, names);
            var during = clients.begin(new Load.Closed(others), target, beside, measured);
            clients.run();
            long end = System.nanoTime() + patience.toNanos();
            clients.runUntil(() -> ended(model, names) == stopped || System.nanoTime() > end);
            return new Result(
                    before,
                    during,
                    gaugeBefore,
                    held.most(),
                    stuck,
                    times(model, names),
                    stopped - ended(model, names));
        }
    }

    private static int stuck(MockModel model, List<String> names) {
        return (int) names.stream().filter(name -> model.stuck(name).isPresent()).count();
    }

    private static int ended(MockModel model, List<String> names) {
        return (int) names.stream().filter(name -> model.abandoned(name).isPresent()).count();
    }

    private static Histogram times(MockModel model, List<String> names) {
        var times = new Histogram(3);
        for (var name : names) {
            var since = model.stuck(name);
            var ended = model.abandoned(name);
            if (since.isPresent() && ended.isPresent()) {
                times.recordValue(Math.max(0, ended.getAsLong() - since.getAsLong()));
            }
        }
        return times;
    }
}
