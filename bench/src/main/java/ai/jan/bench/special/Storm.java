// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Clients;
import ai.jan.bench.load.Crowd;
import ai.jan.bench.load.Pace;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.model.Script;
import ai.jan.bench.model.Script.Silence;
import ai.jan.bench.platform.Target;
import java.time.Duration;
import java.util.ArrayList;
import org.HdrHistogram.Histogram;

/**
 * Many clients that leave at the same moment: how long the model goes on for nobody.
 *
 * @param clients how many
 * @param silence where their answers are when they leave
 * @param stream whether their answers are streams
 */
public record Storm(int clients, Silence silence, boolean stream) {
    private static final Duration ARRIVAL = Duration.ofMinutes(1);

    /**
     * What was seen.
     *
     * @param times in nanoseconds, from each client's leaving to the model's noticing
     * @param missed of how many the model did not notice in time
     */
    public record Result(Histogram times, int missed) {}

    /**
     * Has them come, and leave when the model has begun with all of them.
     *
     * @param patience after which the model is taken not to notice
     * @throws IllegalStateException if they do not all reach the model
     */
    public Result run(MockModel model, Target target, Duration patience)
            throws InterruptedException {
        var names = new ArrayList<String>();
        var prefix = "storm-" + System.nanoTime() + "-";
        try (var run = new Clients()) {
            var crowd = new Crowd(run, target);
            for (int i = 0; i < clients; i++) {
                var script = Script.QUICK.named(prefix + i).silent(silence);
                names.add(script.name());
                crowd.ask(new Chat(script, stream, 0), Pace.FULL);
            }
            boolean token = stream && silence == Silence.BETWEEN_TOKENS;
            long until = System.nanoTime() + ARRIVAL.toNanos();
            run.runUntil(() ->
                    System.nanoTime() > until
                            || !crowd.seen().failures().isEmpty()
                            || (names.stream().allMatch(name -> model.reached(name).isPresent())
                                    && (!token || crowd.withToken() == clients)));
            if (crowd.asking() != clients || System.nanoTime() > until) {
                throw new IllegalStateException(
                        "not all have reached the model: " + crowd.seen().failures());
            }
            return leave(model, run, crowd, names, patience);
        }
    }

    private static Result leave(
            MockModel model, Clients run, Crowd crowd, ArrayList<String> names, Duration patience)
            throws InterruptedException {
        var left = crowd.leave();
        long until = System.nanoTime() + patience.toNanos();
        run.runUntil(() ->
                System.nanoTime() > until
                        || names.stream().allMatch(name -> model.abandoned(name).isPresent()));
        var times = new Histogram(3);
        int missed = 0;
        for (int i = 0; i < left.size(); i++) {
            var noticed = model.abandoned(names.get(i));
            if (noticed.isPresent()) {
                times.recordValue(Math.max(0, noticed.getAsLong() - left.get(i)));
            } else {
                missed++;
            }
        }
        return new Result(times, missed);
    }
}
