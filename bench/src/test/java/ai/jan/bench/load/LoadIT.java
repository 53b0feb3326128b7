// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.bench.model.MockModel;
import ai.jan.bench.model.Script;
import ai.jan.bench.model.Script.Silence;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadIT {
    private static final Duration SHORT = Duration.ofMillis(500);

    private MockModel model;
    private Target target;

    @BeforeEach
    void start() throws IOException {
        model = MockModel.start(0);
        target = Target.open("model", model.url().resolve("/v1"), MockModel.NAME);
    }

    @AfterEach
    void stop() throws IOException {
        model.close();
    }

    @Test
    void countsWhatTheModelHasAnswered() throws Exception {
        var seen = new Load.Closed(4).run(target, new Chat(Script.QUICK, false, 100), SHORT);

        assertThat(seen.failures()).isEmpty();
        assertThat(seen.whole().getTotalCount()).isPositive().isEqualTo(model.answered());
        assertThat(model.running()).isZero();
    }

    @Test
    void seesEachTokenOfAStreamAndWhenItWasSent() throws Exception {
        var script =
                Script.QUICK.withTokens(5).withTimes(Duration.ofMillis(20), Duration.ofMillis(10));

        var seen = new Load.Closed(3).run(target, new Chat(script, true, 0), SHORT);

        assertThat(seen.failures()).isEmpty();
        assertThat(seen.tokens()).isPositive().isEqualTo(5 * model.answered());
        assertThat(seen.firstToken().getMinValue()).isGreaterThan(19_000_000);
        assertThat(seen.whole().getMinValue()).isGreaterThan(59_000_000);
        assertThat(seen.between().getTotalCount()).isEqualTo(4 * model.answered());
        assertThat(seen.jitter().getTotalCount()).isEqualTo(4 * model.answered());
        assertThat(seen.carried(Duration.ofMillis(10))).isPositive();
    }

    @Test
    void countsAWaitFromWhenTheRequestWasDue() throws Exception {
        var slow = Script.QUICK.withTimes(Duration.ofMillis(100), Duration.ZERO);

        var seen = new Load.Open(50, 1).run(target, new Chat(slow, false, 0), SHORT);

        assertThat(seen.whole().getTotalCount()).isEqualTo(25);
        assertThat(seen.whole().getMaxValue())
                .as("the last was due in 0.5 s and answered after 2.5 s")
                .isGreaterThan(1_500_000_000);
    }

    @Test
    void tellsFailuresByTheirStatus() throws Exception {
        var seen =
                new Load.Closed(1)
                        .run(target, new Chat(Script.QUICK.failing(503), false, 0), SHORT);

        assertThat(seen.whole().getTotalCount()).isZero();
        assertThat(seen.failures()).containsOnlyKeys("503");
        assertThat(seen.refused().getTotalCount()).isEqualTo(seen.failed());
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        model.close();

        var seen = new Load.Closed(1).run(target, new Chat(Script.QUICK, false, 0), SHORT);

        assertThat(seen.whole().getTotalCount()).isZero();
        assertThat(seen.failed()).isPositive();
    }

    @Test
    void sendsAndReadsWhatDoesNotFitIntoOneWrite() throws Exception {
        var large = new Chat(Script.QUICK.withTokens(8).withLetters(1_000_000), true, 4_000_000);

        var seen = new Load.Closed(2).run(target, large, Duration.ofMillis(1));

        assertThat(seen.failures()).isEmpty();
        assertThat(seen.tokens()).isEqualTo(16);
        assertThat(model.askedBytes()).isGreaterThan(8_000_000);
    }

    @Test
    void countsAnAnswerThatIsNotWholeAsFailed() throws Exception {
        var wrong = new Post("/chat/completions", "{}", "[DONE]");

        var seen = new Load.Closed(1).run(target, wrong, Duration.ofMillis(20));

        assertThat(seen.failures()).containsOnlyKeys("cut short");
    }

    @Test
    void theModelNoticesWhoLeaves() throws Exception {
        for (var silence :
                new Silence[] {
                    Silence.BEFORE_HEAD, Silence.BEFORE_FIRST_TOKEN, Silence.BETWEEN_TOKENS
                }) {
            var script = Script.QUICK.named("left-" + silence.ordinal()).silent(silence);
            try (var socket = target.connect()) {
                socket.getOutputStream().write(new Chat(script, true, 0).bytes(target));
                await(() -> model.reached(script.name()).isPresent());
                assertThat(model.running()).isEqualTo(1);
            }
            await(() -> model.abandoned(script.name()).isPresent());
            assertThat(model.running()).isZero();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
