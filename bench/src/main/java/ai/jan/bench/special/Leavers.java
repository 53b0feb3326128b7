// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Rig;
import ai.jan.bench.load.Seen;
import ai.jan.bench.model.Script.Silence;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * {@link Storm}s on the platform, in every phase of an answer.
 *
 * @param clients how many leave at once
 * @param storms how many of each kind
 */
public record Leavers(int clients, int storms) implements Activity {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Phase(String name, Silence silence, boolean stream) {}

    private static final List<Phase> PHASES =
            List.of(
                    new Phase("not_accepted", Silence.BEFORE_HEAD, true),
                    new Phase("no_token", Silence.BEFORE_FIRST_TOKEN, true),
                    new Phase("between_tokens", Silence.BETWEEN_TOKENS, true),
                    new Phase("whole_answer", Silence.BEFORE_HEAD, false));

    @Override
    public Outcome run(Rig rig) throws InterruptedException {
        var figures = new Figures().add("clients", clients, "");
        var all = new Histogram(3);
        int missed = 0;
        for (var phase : PHASES) {
            var times = new Histogram(3);
            for (int i = 0; i < storms; i++) {
                var result =
                        new Storm(clients, phase.silence, phase.stream)
                                .run(rig.model(), rig.target(), PATIENCE);
                times.add(result.times());
                missed += result.missed();
            }
            figures.timesAndWorst(phase.name, times);
            all.add(times);
        }
        figures.timesAndWorst("gone", all).add("missed", missed, "");
        rig.model().forget();
        return new Outcome(new Seen(), figures.list());
    }
}
