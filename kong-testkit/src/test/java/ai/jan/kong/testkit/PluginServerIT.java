// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.calls.ExitSignal;
import ai.jan.kong.pdk.server.ErrorAnswer;
import ai.jan.kong.pdk.server.EventReport;
import ai.jan.kong.pdk.server.EventReport.Ending;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import ai.jan.kong.testkit.EventOutcome.Completed;
import ai.jan.kong.testkit.EventOutcome.Exited;
import ai.jan.kong.testkit.EventOutcome.Failed;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugin server over a real socket: what plugins can do, and what Kong and clients see of it.
 */
@Timeout(30)
class PluginServerIT {
    static final PluginEntity ENTITY =
            PluginEntity.global(
                    "00000000-0000-4000-8000-000000000001",
                    ScriptedPlugin.NAME,
                    JsonNodeFactory.instance.objectNode().put("text", "b").put("number", 2),
                    1);

    @TempDir Path directory;

    private final BlockingQueue<EventReport> reports = new ArrayBlockingQueue<>(100);
    private final RecordingHost host = new RecordingHost();
    private volatile ScriptedPlugin.Script script = (kong, config) -> {};
    private ServerOptions options = ServerOptions.DEFAULTS.withListener(reports::add);
    private PluginServer server;
    private KongWorker worker;

    @BeforeEach
    void start() throws Exception {
        server =
                PluginServer.start(
                        directory.resolve("p.sock"),
                        List.of(
                                ScriptedPlugin.definition(
                                        (kong, config) -> script.run(kong, config))),
                        options);
        worker = new KongWorker(server.socket(), Timeouts.of(Duration.ofSeconds(10)));
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        server.close();
    }

    private EventOutcome run(ScriptedPlugin.Script action) throws InterruptedException {
        return run(Phase.ACCESS, action);
    }

    private EventOutcome run(Phase phase, ScriptedPlugin.Script action)
            throws InterruptedException {
        script = action;
        return worker.run(ENTITY, phase, host);
    }

    private EventReport report() throws InterruptedException {
        return reports.poll(5, TimeUnit.SECONDS);
    }

    @Test
    void givesThePluginItsConfiguration() throws Exception {
        var seen = new AtomicReference<ScriptedPlugin.Config>();

        assertThat(run((kong, config) -> seen.set(config))).isEqualTo(new Completed());

        assertThat(seen.get()).isEqualTo(new ScriptedPlugin.Config("b", 2));
    }

    @Test
    void readsABatchOfAnswersInOneRoundTrip() throws Exception {
        var seen = new ArrayList<Object>();

        var outcome =
                run((kong, config) -> {
                    var method = kong.request().getMethod();
                    var header = kong.request().getHeader("X-A");
                    var missing = kong.request().getHeader("X-None");
                    var headers = kong.request().getHeaders();
                    kong.service().request().setHeader("X-B", "2");
                    seen.addAll(List.of(method.get(), header.get(), missing.get()));
                    seen.add(headers.get().first("HOST"));
                    kong.response().setHeader("X-C", "3");
                });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(seen).hasToString("[GET, Optional[1], Optional.empty, Optional[gw.test]]");
        assertThat(host.calls).hasSize(6).last().isEqualTo("kong.response.set_header");
        assertThat(report())
                .satisfies(report -> assertThat(report.ending()).isEqualTo(Ending.COMPLETED))
                .satisfies(report -> assertThat(report.calls()).isEqualTo(6))
                .satisfies(report -> assertThat(report.roundTrips()).isEqualTo(1));
    }

    @Test
    void asksOneByOneWhenEachAnswerIsWaitedFor() throws Exception {
        run((kong, config) -> {
            kong.request().getMethod().get();
            kong.request().getPath().get();
        });

        assertThat(report().roundTrips()).isEqualTo(2);
    }

    @Test
    void readsAnswersBeforeTooManyAreOutstanding() throws Exception {
        var outcome =
                run((kong, config) -> {
                    for (int i = 0; i < 1000; i++) {
                        kong.service().request().setHeader("X-" + i, "v");
                    }
                });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(host.calls).hasSize(1000);
        assertThat(report().roundTrips()).isEqualTo(1000 / 64);
    }

    @Test
    void exitAnswersTheRequestAfterWhatWasQueued() throws Exception {
        var outcome =
                run((kong, config) -> {
                    kong.response().setHeader("X-A", "1");
                    throw kong.response()
                            .exit(403, new byte[] {'n', 'o'}, Map.of("X-B", List.of("1", "2")));
                });

        assertThat(outcome)
                .isEqualTo(new Exited(403, Bytes.utf8("no"), Map.of("X-B", List.of("1", "2"))));
        assertThat(host.calls).containsExactly("kong.response.set_header");
        assertThat(report().ending()).isEqualTo(Ending.EXITED);
    }

    @Test
    void codeAfterExitCannotCallKong() throws Exception {
        var failure = new AtomicReference<Throwable>();

        var outcome =
                run((kong, config) -> {
                    try {
                        kong.response().exit(204, new byte[0], Map.of());
                    } catch (ExitSignal ignored) {
                        failure.set(catchThrowable(() -> kong.log().err("late")));
                    }
                });

        assertThat(outcome).isInstanceOf(Exited.class);
        assertThat(report().ending()).isEqualTo(Ending.EXITED);
        assertThat(failure.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kong.log.err")
                .hasMessageContaining("kong.response.exit");
    }

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
    void refusesWhatKongWouldRefuseBeforeSendingIt() throws Exception {
        var failures = new ArrayList<Throwable>();

        var outcome =
                run((kong, config) -> {
                    failures.add(catchThrowable(() -> kong.response().setStatus(99)));
                    failures.add(catchThrowable(() -> kong.response().setHeader("X-A", "a\r\nb")));
                    failures.add(catchThrowable(() -> kong.response().setHeader("X A", "a")));
                    failures.add(catchThrowable(() -> kong.ctx().shared().set("k", false)));
                    failures.add(catchThrowable(() -> kong.response().getStatus()));
                });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(host.calls).isEmpty();
        assertThat(failures.subList(0, 4))
                .allSatisfy(f -> assertThat(f).isInstanceOf(IllegalArgumentException.class));
        assertThat(failures.getFirst()).hasMessageContaining("kong.response.set_status");
        assertThat(failures.getLast())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kong.response.get_status")
                .hasMessageContaining("access");
    }

    @Test
    void refusesCallsFromAnotherThreadAndAfterTheEnd() throws Exception {
        var kept = new AtomicReference<Kong>();
        var elsewhere = new AtomicReference<Throwable>();

        run((kong, config) -> {
            kept.set(kong);
            Thread.ofVirtual()
                    .start(() -> elsewhere.set(catchThrowable(() -> kong.log().err("x"))))
                    .join();
        });

        assertThat(elsewhere.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("thread");
        assertThatThrownBy(() -> kept.get().request().getMethod())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void dropsLogLinesBelowItsLevel() throws Exception {
        run((kong, config) -> {
            kong.log().info("not sent");
            kong.log().warn("sent");
        });

        assertThat(host.log).containsExactly("[scripted] sent");
        assertThat(host.calls).containsExactly("kong.log.warn");
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

    private void restart(ServerOptions newOptions) throws Exception {
        options = newOptions;
        worker.close();
        server.close();
        start();
    }
}
