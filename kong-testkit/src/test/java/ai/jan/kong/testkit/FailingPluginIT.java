// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.server.ErrorAnswer;
import ai.jan.kong.pdk.server.EventReport.Ending;
import ai.jan.kong.testkit.EventOutcome.Completed;
import ai.jan.kong.testkit.EventOutcome.Exited;
import ai.jan.kong.testkit.EventOutcome.Failed;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What Kong and clients see when a plugin fails, or Kong refuses what it asks for. */
class FailingPluginIT extends ServedScript {
    @Test
    void anExceptionBecomesA500AndALineInKongsLog() throws Exception {
        var outcome =
                run((kong, config) -> {
                    throw new IllegalStateException("Socket closed: no plugin instance\nforged");
                });

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Exited.class,
                        exited -> {
                            assertThat(exited.status()).isEqualTo(500);
                            assertThat(exited.body().utf8())
                                    .isEqualTo("{\"message\":\"An unexpected error occurred\"}");
                        });
        assertThat(host.log).hasSize(1);
        assertThat(host.log.getFirst())
                .startsWith("[scripted] failed in access: java.lang.IllegalStateException")
                .doesNotContain("\n");
        assertThat(run((kong, config) -> {})).isEqualTo(new Completed());
    }

    @Test
    void survivesAStackOverflow() throws Exception {
        assertThat(run((kong, config) -> recurse(1))).isInstanceOf(Exited.class);
        assertThat(run((kong, config) -> {})).isEqualTo(new Completed());
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void anExceptionInLogIsOnlyLogged() throws Exception {
        var outcome =
                run(
                        Phase.LOG,
                        (kong, config) -> {
                            throw new IllegalStateException("x");
                        });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(host.log).hasSize(1);
        assertThat(report().ending()).isEqualTo(Ending.FAILED);
    }

    @Test
    void namesTheCallThatKongRefused() throws Exception {
        var failure = new AtomicReference<Throwable>();

        var outcome =
                run((kong, config) -> {
                    kong.service().request().setHeader("X-Fine", "1");
                    kong.service().request().setHeader("X-Refused", "1");
                    var method = kong.request().getMethod();
                    failure.set(catchThrowable(method::get));
                });

        assertThat(outcome).isEqualTo(new Failed("refused"));
        assertThat(report().ending()).isEqualTo(Ending.LOST);
        assertThat(failure.get())
                .isInstanceOf(PdkException.class)
                .hasMessageContaining("kong.service.request.set_header");
    }

    @Test
    void aSlowPluginIsCutOff() throws Exception {
        restart(options.withDeadline(Duration.ofMillis(200)));
        var interrupted = new CompletableFuture<Throwable>();
        var late = new CompletableFuture<Throwable>();

        var outcome =
                run((kong, config) -> {
                    kong.request().getMethod().get();
                    interrupted.complete(catchThrowable(() -> Thread.sleep(20_000)));
                    late.complete(catchThrowable(() -> kong.log().err("late")));
                });

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Exited.class, exited -> assertThat(exited.status()).isEqualTo(500));
        assertThat(host.log).containsExactly("[scripted] took too long");
        assertThat(report().ending()).isEqualTo(Ending.EXPIRED);
        assertThat(interrupted.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(late.get(5, TimeUnit.SECONDS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("took too long");
        assertThat(run((kong, config) -> {})).isEqualTo(new Completed());
    }

    @Test
    void waitingForKongIsNotThinking() throws Exception {
        restart(options.withDeadline(Duration.ofSeconds(1)));
        script = (kong, config) -> kong.request().getMethod().get();

        var outcome =
                worker.run(
                        ENTITY,
                        Phase.ACCESS,
                        (method, argument) -> {
                            try {
                                Thread.sleep(1_500);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return "GET";
                        });

        assertThat(outcome).isEqualTo(new Completed());
    }

    @Test
    void anInterruptedPluginCanStillTalkToKong() throws Exception {
        var outcome =
                run((kong, config) -> {
                    Thread.currentThread().interrupt();
                    kong.request().getMethod().get();
                    if (!Thread.currentThread().isInterrupted()) {
                        throw new IllegalStateException("the interrupt was swallowed");
                    }
                });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(
                        run((kong, config) -> {
                            if (Thread.currentThread().isInterrupted()) {
                                throw new IllegalStateException("somebody else's interrupt");
                            }
                        }))
                .isEqualTo(new Completed());
    }

    @Test
    void anAnswerThatIsTooLongFailsItsCallOnly() throws Exception {
        restart(options.withMaxFrame(20_000));
        var failure = new AtomicReference<Throwable>();
        script =
                (kong, config) -> {
                    var tooLong = kong.request().getHeader("long");
                    var method = kong.request().getPath();
                    failure.set(catchThrowable(tooLong::get));
                    method.get();
                };

        var outcome =
                worker.run(
                        ENTITY,
                        Phase.ACCESS,
                        (method, argument) ->
                                method.name().endsWith("get_header") ? "x".repeat(100_000) : "/");

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(failure.get())
                .isInstanceOf(PdkException.class)
                .hasMessageContaining("kong.request.get_header");
    }

    @Test
    void theErrorBodyIsTheOwners() throws Exception {
        restart(
                options.withErrorAnswers(failure ->
                        failure instanceof ArithmeticException
                                ? ErrorAnswer.json(503, Bytes.utf8("{}"))
                                : null));

        assertThat(run((kong, config) -> System.out.println(1 / (config.number() - 2))))
                .isEqualTo(
                        new Exited(
                                503,
                                Bytes.utf8("{}"),
                                Map.of(
                                        "Content-Type",
                                        List.of("application/json; charset=utf-8"))));
        assertThat(
                        run((kong, config) -> {
                            throw new IllegalStateException();
                        }))
                .isInstanceOfSatisfying(
                        Exited.class, exited -> assertThat(exited.status()).isEqualTo(500));
    }

    @Test
    void aStuckPluginDoesNotHoldUpTheEndOfTheServer() throws Exception {
        restart(options.withDeadline(Duration.ofMillis(100)).withDrain(Duration.ofSeconds(20)));
        var loop = new AtomicBoolean(true);
        try {
            run((kong, config) -> {
                while (loop.get()) {
                    Thread.onSpinWait();
                }
            });

            long start = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(10));
        } finally {
            loop.set(false);
        }
    }

    @Test
    void aPluginThatDoesNotCloseHoldsUpNobody() throws Exception {
        var never = new CountDownLatch(1);
        restart(options.withDrain(Duration.ofMillis(500)));
        closing = never::await;
        try {
            assertThat(run((kong, config) -> {})).isEqualTo(new Completed());
            var other = JsonNodeFactory.instance.objectNode().put("text", "other").put("number", 1);

            // closes the instance before
            assertThat(worker.run(ENTITY.changed(other, 2), Phase.ACCESS, host))
                    .isEqualTo(new Completed());

            long start = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(10));
        } finally {
            never.countDown();
        }
    }
}
