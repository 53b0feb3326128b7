// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.metrics.Metrics;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedTest {
    private static final Identity CALLER =
            new Identity("ada", Identity.Method.JWT, Set.of(), Set.of(), "user", null, null, "r");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Metrics metrics = new Metrics();
    private final TestingClock clock = new TestingClock();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void givesUpWhatTakesTooLongAndEndsIt() throws Exception {
        var ended = new CountDownLatch(1);
        var slow =
                guarded(
                        Duration.ofMillis(200),
                        1,
                        () -> {
                            try {
                                Thread.sleep(60_000);
                            } finally {
                                ended.countDown();
                            }
                        });

        assertThat(failure(slow)).contains("did not answer within");
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(metrics.text()).contains("outcome=\"timeout\"");
    }

    @Test
    void stopsAskingWhatFailsAgainAndAgainAndTriesLaterWithOneCall() throws Exception {
        var broken =
                guarded(
                        Duration.ofSeconds(5),
                        1,
                        () -> {
                            calls.incrementAndGet();
                            throw new IOException("connection refused by 10.0.0.7");
                        });
        for (int i = 0; i < Breaker.FAILURES + 3; i++) {
            assertThat(failure(broken)).contains("not available").doesNotContain("10.0.0.7");
        }
        assertThat(calls).hasValue(Breaker.FAILURES);
        assertThat(metrics.text()).contains("outcome=\"open\"", "outcome=\"failed\"");

        clock.now = clock.now.plus(Breaker.PAUSE);
        failure(broken);
        failure(broken);
        assertThat(calls).hasValue(Breaker.FAILURES + 1);
    }

    @Test
    void aCallersOwnMistakesDoNotOpenTheBreaker() throws Exception {
        var picky =
                guarded(
                        Duration.ofSeconds(5),
                        1,
                        () -> {
                            calls.incrementAndGet();
                            throw ToolFailure.argument("x", "is wrong.");
                        });
        for (int i = 0; i < 10; i++) {
            assertThat(failure(picky)).isEqualTo("Argument 'x': is wrong.");
        }
        assertThat(calls).hasValue(10);
    }

    @Test
    void aCallThatShowsNothingLeavesTheTryToTheNext() throws Exception {
        var changing =
                new AtomicReference<Work>(() -> {
                    throw new IOException("down");
                });
        var tool = guarded(Duration.ofSeconds(5), 1, () -> changing.get().run());
        for (int i = 0; i < Breaker.FAILURES; i++) {
            failure(tool);
        }
        clock.now = clock.now.plus(Breaker.PAUSE);
        changing.set(() -> {
            throw ToolFailure.refused("not you");
        });
        assertThat(failure(tool)).isEqualTo("not you");

        changing.set(() -> {});
        assertThat(tool.call(CALLER, new Arguments(Json.object()))).isNotNull();
    }

    @Test
    void letsOnlySoManyRunAtOnce() throws Exception {
        var running = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var single =
                guarded(
                        Duration.ofSeconds(30),
                        1,
                        () -> {
                            running.countDown();
                            release.await();
                        });
        var first = threads.submit(() -> single.call(CALLER, new Arguments(Json.object())));
        running.await();

        assertThat(failure(single)).contains("Too many calls");
        assertThat(metrics.text())
                .contains("jan_tool_running_calls{tool=\"scrape\",} 1.0", "outcome=\"busy\"");
        release.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(metrics.text()).contains("jan_tool_running_calls{tool=\"scrape\",} 0.0");
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private Guarded guarded(Duration deadline, int concurrency, Work work) {
        var tool =
                new Tool() {
                    @Override
                    public ToolDefinition definition() {
                        return ToolDefinition.ours("scrape");
                    }

                    @Override
                    public Limits limits() {
                        return new Limits(deadline, concurrency);
                    }

                    @Override
                    public Answer call(Identity caller, Arguments arguments)
                            throws IOException, InterruptedException {
                        work.run();
                        return new Answer.Structured(Json.object());
                    }
                };
        return new Guarded(tool, threads, metrics.tools(), clock);
    }

    private static String failure(Guarded tool) {
        return catchThrowableOfType(
                        ToolFailure.class, () -> tool.call(CALLER, new Arguments(Json.object())))
                .getMessage();
    }

    private static final class TestingClock extends Clock {
        volatile Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
