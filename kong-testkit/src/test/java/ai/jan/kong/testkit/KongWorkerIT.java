// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.wire.WireTypes;
import ai.jan.kong.testkit.EventOutcome.Completed;
import ai.jan.kong.testkit.EventOutcome.Failed;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worker treats a plugin server as the recorded Kong does. */
@Timeout(30)
class KongWorkerIT {
    private static final PluginEntity ENTITY =
            PluginEntity.global(
                    "00000000-0000-4000-8000-000000000001",
                    "p",
                    JsonNodeFactory.instance.objectNode().put("a", 1),
                    5);

    @TempDir Path directory;

    private FakePluginServer server;
    private KongWorker worker;

    @BeforeEach
    void start() throws Exception {
        server = new FakePluginServer(directory.resolve("s"));
        worker = new KongWorker(directory.resolve("s"), Timeouts.of(Duration.ofSeconds(10)));
    }

    private void beImpatient() {
        worker.close();
        worker =
                new KongWorker(
                        directory.resolve("s"),
                        new Timeouts(Duration.ofMillis(400), Duration.ofMillis(800)));
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        server.close();
    }

    private EventOutcome run(Phase phase) throws InterruptedException {
        return worker.run(ENTITY, phase, new RecordingHost());
    }

    @Test
    void startsAnInstanceOnceAndUsesOneConnection() throws Exception {
        assertThat(run(Phase.REWRITE)).isEqualTo(new Completed());
        assertThat(run(Phase.ACCESS)).isEqualTo(new Completed());

        assertThat(server.commands).hasSize(3).endsWith("event 7 rewrite", "event 7 access");
        assertThat(server.connections).hasValue(1);
        var config = new JsonMapper().readTree(server.commands.getFirst().substring(6));
        assertThat(config.path("a").asInt()).isEqualTo(1);
        assertThat(config.path("__seq__").asInt()).isEqualTo(5);
        assertThat(config.path("__plugin_id").asText()).isEqualTo(ENTITY.id());
    }

    @Test
    void aChangedConfigurationStartsANewInstanceAndClosesTheOld() throws Exception {
        run(Phase.ACCESS);
        server.onStart = talk -> talk.started(8);

        worker.run(ENTITY.changed(ENTITY.config(), 6), Phase.ACCESS, new RecordingHost());

        assertThat(server.commands).endsWith("close 7", "event 8 access");
    }

    @Test
    void startsOneInstanceForManyRequestsAtOnce() throws Exception {
        server.onStart =
                talk -> {
                    sleep(100);
                    return talk.started(7);
                };

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all =
                    IntStream.range(0, 20)
                            .<Callable<EventOutcome>>mapToObj(_ -> () -> run(Phase.ACCESS))
                            .toList();
            for (var outcome : threads.invokeAll(all)) {
                assertThat(outcome.get()).isEqualTo(new Completed());
            }
        }

        assertThat(server.commands.stream().filter(c -> c.startsWith("start")).count()).isOne();
    }

    @Test
    void runsAnEventAgainWhenTheConnectionIsClosed() throws Exception {
        var events = new AtomicInteger();
        server.onEvent = talk -> events.incrementAndGet() > 1 && talk.end();

        assertThat(run(Phase.ACCESS)).isEqualTo(new Completed());

        assertThat(server.commands.stream().map(c -> c.split(" ")[0]).collect(Collectors.toList()))
                .containsExactly("start", "event", "start", "event");
    }

    @Test
    void doesNotRunAnEventAgainForEver() throws Exception {
        server.onEvent = talk -> false;

        assertThat(run(Phase.ACCESS)).isEqualTo(new Failed("closed"));

        assertThat(server.commands).hasSize(6);
    }

    @Test
    void startsANewInstanceWhenTheServerDoesNotKnowIt() throws Exception {
        var events = new AtomicInteger();
        server.onEvent =
                talk -> {
                    if (events.incrementAndGet() > 1) {
                        return talk.end();
                    }
                    talk.writer()
                            .addCall("no plugin instance 7", new byte[0])
                            .flush(talk.channel());
                    return false;
                };

        assertThat(run(Phase.ACCESS)).isEqualTo(new Completed());
        assertThat(events).hasValue(2);
    }

    @Test
    void anyOtherUnknownMethodFailsTheRequest() throws Exception {
        server.onEvent =
                talk -> {
                    talk.writer().addCall("plugin-error: x", new byte[0]).flush(talk.channel());
                    return false;
                };

        assertThat(run(Phase.ACCESS)).isEqualTo(new Failed("method \"plugin-error: x\" not found"));
        assertThat(server.commands).hasSize(2);
    }

    @Test
    void doesNotWaitForEver() throws Exception {
        beImpatient();
        server.onEvent =
                talk -> {
                    sleep(2000);
                    return talk.end();
                };

        assertThat(run(Phase.ACCESS)).isEqualTo(new Failed("timeout"));
        assertThat(server.commands).hasSize(2);
    }

    @Test
    void doesNotWaitForAServerThatTakesNothing() throws Exception {
        beImpatient();
        server.onEvent =
                talk -> {
                    talk.writer()
                            .addCall("kong.request.get_path", new byte[0])
                            .flush(talk.channel());
                    sleep(2000);
                    return false;
                };

        assertThat(
                        worker.run(
                                ENTITY,
                                Phase.ACCESS,
                                (method, argument) -> "/" + "x".repeat(4_000_000)))
                .isEqualTo(new Failed("timeout"));
    }

    @Test
    void aWrongSequenceFailsTheRequest() throws Exception {
        server.onEvent =
                talk -> {
                    talk.writer().add(new byte[0]);
                    talk.send(WireTypes.RPC_RETURN.encode(RpcReturn.of(99)));
                    return true;
                };

        assertThat(run(Phase.ACCESS)).isInstanceOf(Failed.class);
    }

    @Test
    void aStartThatIsClosedFailsOneRequestAndIsTriedAgain() throws Exception {
        server.onStart = talk -> false;
        assertThat(run(Phase.ACCESS)).isEqualTo(new Failed("starting instance: closed"));

        server.onStart = talk -> talk.started(7);
        assertThat(run(Phase.ACCESS)).isEqualTo(new Completed());
    }

    @Test
    void aStartWithoutStatusHoldsUpTheNextEventWhichFailsAndTheOneAfterStartsAgain()
            throws Exception {
        beImpatient();
        server.onStart =
                talk -> {
                    talk.send(WireTypes.RPC_RETURN.encode(RpcReturn.of(talk.call().sequence())));
                    return true;
                };
        long start = System.nanoTime();
        assertThat(run(Phase.ACCESS)).isInstanceOf(Failed.class);

        server.onStart = talk -> talk.started(7);
        assertThat(run(Phase.LOG)).isEqualTo(new Failed("Could not claim instance_id for p"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(800));
        assertThat(run(Phase.ACCESS)).isEqualTo(new Completed());
    }

    @Test
    void anAbsentServerFailsTheRequest() throws Exception {
        try (var lonely = new KongWorker(directory.resolve("nobody"), Timeouts.KONG)) {
            assertThat(lonely.run(ENTITY, Phase.ACCESS, new RecordingHost()))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.reason()).startsWith("trying to connect"));
        }
    }

    @Test
    void doesNotReuseAConnectionWithBytesLeftOnIt() throws Exception {
        server.onEvent =
                talk -> {
                    talk.writer().add(new byte[0]);
                    talk.writer()
                            .add(WireTypes.RPC_RETURN.encode(RpcReturn.of(talk.call().sequence())));
                    talk.send(new byte[] {1});
                    return true;
                };

        assertThat(run(Phase.ACCESS)).isEqualTo(new Completed());
        assertThat(run(Phase.ACCESS)).isEqualTo(new Completed());
        assertThat(server.connections).hasValue(2);
    }

    @Test
    void aFailureOfTheHostIsNotSwallowed() throws Exception {
        server.onEvent =
                talk -> {
                    talk.writer()
                            .addCall("kong.request.get_method", new byte[0])
                            .flush(talk.channel());
                    return false;
                };

        assertThatThrownBy(() ->
                        worker.run(
                                ENTITY,
                                Phase.ACCESS,
                                (method, argument) -> {
                                    throw new IllegalStateException("host");
                                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("host");
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
