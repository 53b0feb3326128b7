// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Rig;
import ai.jan.bench.model.Script;
import java.io.IOException;
import java.time.Duration;

/**
 * {@link SlowReaders} of the platform. llm-api-lite ends a stream after 75 s in which nothing of it
 * could be written.
 *
 * @param slow how many read a kilobyte a second
 * @param stopped how many read nothing
 * @param others how many read as usual
 */
public record StalledReaders(int slow, int stopped, int others) implements Activity {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final Duration GAP = Duration.ofMillis(20);
    private static final Script MUCH =
            Script.QUICK
                    .withTokens(100_000)
                    .withLetters(16 * 1024)
                    .withTimes(Duration.ZERO, Duration.ofMillis(50));
    private static final Chat USUAL =
            new Chat(Script.QUICK.withTokens(50).withTimes(GAP, GAP), true, 0);

    @Override
    public Outcome run(Rig rig) throws IOException, InterruptedException {
        Gauge memory = () -> rig.platform().process("llm-api-lite").residentBytes() / 1048576.0;
        var result =
                new SlowReaders(slow, stopped, MUCH, USUAL, others)
                        .run(rig.model(), rig.target(), memory, rig.duration(), PATIENCE);
        var figures =
                new Figures()
                        .add("stuck", result.stuck(), "")
                        .add("not_ended", result.notEnded(), "")
                        .add("memory_before", result.gaugeBefore(), "MB")
                        .add("memory", result.gaugeMost(), "MB")
                        .timesAndWorst("token_without", result.before().onTheWay())
                        .timesAndWorst("token_beside", result.during().onTheWay());
        if (result.ended().getTotalCount() > 0) {
            figures.add("ended_after_p50", result.ended().getValueAtPercentile(50) / 1e9, "s")
                    .add("ended_after_worst", result.ended().getMaxValue() / 1e9, "s");
        }
        var seen = result.before();
        seen.add(result.during());
        rig.model().forget();
        return new Outcome(seen, figures.list());
    }
}
