// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Post;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.model.Script;
import ai.jan.bench.model.Script.Silence;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SpecialLoadIT {
    private static final Duration SHORT = Duration.ofMillis(200);

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
    void idleStreamsAreOpenAtOnceAndGetAllTheirTokens() throws Exception {
        var streams = new IdleStreams(50, Duration.ofMillis(100), Duration.ofMillis(150), 3);

        var result = streams.run(model, target, () -> 100 + model.running() * 2.0);

        assertThat(result.isWhole()).isTrue();
        assertThat(result.seen().tokens()).isEqualTo(150);
        assertThat(result.perStream()).isEqualTo(2);
    }

    @Test
    void idleStreamsThatEndBeforeTheLastBeginsAreNotWhole() throws Exception {
        var streams = new IdleStreams(20, Duration.ofMillis(400), Duration.ZERO, 1);

        assertThat(streams.run(model, target, () -> 0).isWhole()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Silence.class,
            names = {"BEFORE_HEAD", "BEFORE_FIRST_TOKEN", "BETWEEN_TOKENS"})
    void aStormIsNoticedByTheModel(Silence silence) throws Exception {
        var result = new Storm(30, silence, true).run(model, target, Duration.ofSeconds(30));

        assertThat(result.missed()).isZero();
        assertThat(result.times().getTotalCount()).isEqualTo(30);
        assertThat(model.running()).isZero();
    }

    @Test
    void whoReadsNothingIsStuckAndOthersAreNot() throws Exception {
        var much = Script.QUICK.withTokens(1000).withLetters(256 * 1024);
        var beside = new Chat(Script.QUICK, true, 0);

        var result =
                new SlowReaders(1, 2, much, beside, 1)
                        .run(model, target, () -> 7, SHORT, Duration.ofSeconds(1));

        assertThat(result.stuck()).isEqualTo(2);
        assertThat(result.notEnded()).as("the model itself never ends them").isEqualTo(2);
        assertThat(result.before().failures()).isEmpty();
        assertThat(result.during().failures()).isEmpty();
        assertThat(result.during().tokens()).isPositive();
        assertThat(result.gaugeMost()).isEqualTo(7);
    }

    @Test
    void plansAreToldWhatTheyGotOfWhatTheyMay() throws Exception {
        var many = new MixedPlans.Caller(target, 100, 4, 6_000);
        var few = new MixedPlans.Caller(target, 100, 4, 10);
        assertThat(few.atMost(Duration.ofSeconds(6))).isEqualTo(11);

        var admitted = new MixedPlans(SHORT).run(List.of(many), new Chat(Script.QUICK, false, 0));
        var refused =
                new MixedPlans(SHORT)
                        .run(List.of(few), new Chat(Script.QUICK.failing(429), false, 0));

        assertThat(admitted.getFirst().admitted()).isEqualTo(20);
        assertThat(admitted.getFirst().failed()).isZero();
        var exactly = new MixedPlans.Result(many, admitted.getFirst().seen(), SHORT);
        assertThat(exactly.shareOfLimit(0)).isEqualTo(1);
        assertThat(exactly.shareOfLimit(5)).isEqualTo(0.75);
        assertThat(refused.getFirst().refused()).isEqualTo(20);
        assertThat(refused.getFirst().admitted()).isZero();
        assertThat(refused.getFirst().seen().refused().getTotalCount()).isEqualTo(20);
    }

    @Test
    void readsWhatWasNotCountedFromTheMetrics() {
        var metrics =
                """
                # TYPE jan_quota_decisions_total counter
                jan_quota_decisions_total{plan="user",decision="reserved",reason="",} 7.0
                jan_quota_decisions_total{plan="user",decision="store_down_allowed",reason="a",} 3.0
                jan_quota_decisions_total{plan="user",decision="store_down_allowed",reason="b",} 2.0
                jan_quota_decisions_total{plan="pro",decision="store_down_allowed",reason="a",} 1.0E1
                """;

        assertThat(Uncounted.in(metrics, "user")).isEqualTo(5);
        assertThat(Uncounted.in(metrics, "pro")).isEqualTo(10);
        assertThat(Uncounted.in(metrics, "guest")).isZero();
    }

    @Test
    void anOutageIsMeasuredBetweenWhatIsBeforeAndAfter() throws Exception {
        var isOut = new AtomicBoolean();

        var results =
                new StoreOutage(50, 4, SHORT, SHORT)
                        .run(
                                List.of(target),
                                new Chat(Script.QUICK, false, 0),
                                () -> {
                                    isOut.set(true);
                                    return () -> isOut.set(false);
                                });

        var result = results.getFirst();
        assertThat(isOut).isFalse();
        assertThat(result.before().whole().getTotalCount()).isEqualTo(10);
        assertThat(result.during().whole().getTotalCount()).isEqualTo(10);
        assertThat(result.after().whole().getTotalCount()).isEqualTo(10);
        assertThat(result.recovery(50)).isZero();
    }

    @Test
    void countsWhatEachRequestCosts() throws Exception {
        var request = new Post("/chat/completions", "{\"messages\":[]}", "\"choices\"");

        var result =
                new Continuation(() -> model.asked() * 0.002, () -> model.asked() * 3, SHORT)
                        .run(model, target, request, new Load.Closed(2), SHORT);

        assertThat(result.seen().failures()).isEmpty();
        assertThat(result.processorMicros()).isBetween(1999.0, 2001.0);
        assertThat(result.statements()).isBetween(2.99, 3.01);
        assertThat(result.modelBytes()).isEqualTo(15);
    }

    @Test
    void aFrozenProcessStandsStillUntilItIsLetGo() throws Exception {
        var process = new ProcessBuilder("sh", "-c", "sleep 60 & wait").start();
        try {
            while (process.children().findAny().isEmpty()) {
                Thread.sleep(5);
            }
            long child = process.children().findAny().orElseThrow().pid();
            try (var _ = Freeze.whole(process.pid())) {
                awaitState(process.pid(), true);
                awaitState(child, true);
            }
            awaitState(process.pid(), false);
            awaitState(child, false);
            try (var _ =
                    Freeze.partly(process.pid(), Duration.ofMillis(20), Duration.ofMillis(20))) {
                awaitState(child, true);
                awaitState(child, false);
                awaitState(child, true);
            }
            awaitState(child, false);
            process.children().forEach(ProcessHandle::destroyForcibly);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitState(long pid, boolean still) throws Exception {
        while (true) {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            if ((stat.charAt(stat.lastIndexOf(')') + 2) == 'T') == still) {
                return;
            }
            Thread.sleep(2);
        }
    }
}
