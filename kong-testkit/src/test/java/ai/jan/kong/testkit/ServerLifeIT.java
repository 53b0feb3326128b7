// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.message.CmdGetInstanceStatus;
import ai.jan.kong.pdk.message.CmdGetPluginInfo;
import ai.jan.kong.pdk.message.CmdGetPluginNames;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.WireTypes;
import ai.jan.kong.testkit.EventOutcome.Completed;
import ai.jan.kong.testkit.EventOutcome.Exited;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin server's life: connections, instances, restarts, and peers that misbehave. */
@Timeout(30)
class ServerLifeIT {
    private static final PluginEntity ENTITY = ServedScript.ENTITY;

    @TempDir Path directory;

    private final ScriptedPlugin.Counts counts = new ScriptedPlugin.Counts();

    private PluginServer serve(ScriptedPlugin.Script script, ServerOptions options)
            throws Exception {
        return PluginServer.start(
                directory.resolve("p.sock"),
                List.of(ScriptedPlugin.definition(script, counts)),
                options);
    }

    private PluginServer serve(ScriptedPlugin.Script script) throws Exception {
        return serve(script, ServerOptions.DEFAULTS);
    }

    private KongWorker worker() {
        return new KongWorker(directory.resolve("p.sock"), Timeouts.of(Duration.ofSeconds(10)));
    }

    private static EventOutcome run(KongWorker worker, PluginEntity entity) throws Exception {
        return worker.run(entity, Phase.ACCESS, new RecordingHost());
    }

    @Test
    void requestsGoOnAfterARestart() throws Exception {
        try (var worker = worker()) {
            try (var _ = serve((kong, config) -> {})) {
                assertThat(run(worker, ENTITY)).isEqualTo(new Completed());
            }
            assertThat(run(worker, ENTITY)).isInstanceOf(EventOutcome.Failed.class);
            try (var _ = serve((kong, config) -> {})) {
                assertThat(run(worker, ENTITY)).isEqualTo(new Completed());
            }
        }
    }

    @Test
    void anIdFromBeforeARestartIsNotKnown() throws Exception {
        try (var server = serve((kong, config) -> {});
                var peer = new Peer(server.socket())) {
            peer.send(2, new CmdHandleEvent(1, "access"));

            assertThat(new String(peer.reader.read())).isEqualTo("no plugin instance 1");
            assertThat(peer.reader.read()).isEmpty();
            assertThat(peer.reader.next()).isEmpty();
        }
    }

    @Test
    void anUnknownPhaseIsNotTriedAgain() throws Exception {
        try (var server = serve((kong, config) -> {});
                var peer = new Peer(server.socket())) {
            peer.send(2, new CmdHandleEvent(1, "header_filter"));

            assertThat(new String(peer.reader.read())).startsWith("plugin-error");
        }
    }

    @Test
    void oneConfigurationIsOnePluginObjectForAllWorkers() throws Exception {
        try (var _ = serve((kong, config) -> {})) {
            try (var one = worker();
                    var two = worker()) {
                run(one, ENTITY);
                run(two, ENTITY);
                run(one, ENTITY.changed(ENTITY.config(), 2));
                assertThat(counts.made()).hasValue(1);

                var other = JsonNodeFactory.instance.objectNode().put("text", "c").put("number", 3);
                run(one, ENTITY.changed(other, 3));
                assertThat(counts.made()).hasValue(2);
                assertThat(counts.closed()).hasValue(0);

                run(two, ENTITY.changed(other, 3));
                assertThat(counts.closed()).hasValue(1);
            }
        }
        assertThat(counts.closed()).hasValue(2);
    }

    @Test
    void aConfigurationThatDoesNotFitFailsItsRequestsOnly() throws Exception {
        ObjectNode bad = JsonNodeFactory.instance.objectNode().put("number", "many");
        var broken =
                PluginEntity.global("00000000-0000-4000-8000-000000000002", "scripted", bad, 1);
        try (var _ = serve((kong, config) -> {});
                var worker = worker()) {
            assertThat(run(worker, broken))
                    .isInstanceOfSatisfying(
                            Exited.class, exited -> assertThat(exited.status()).isEqualTo(500));
            assertThat(run(worker, ENTITY)).isEqualTo(new Completed());
        }
    }

    @Test
    void aPluginThatCannotBeMadeIsTriedAgain() throws Exception {
        var failure = new AtomicReference<>(new IllegalStateException("no database"));
        var working = ScriptedPlugin.definition((kong, config) -> {});
        var moody =
                new PluginDefinition<>(
                        working.name(),
                        working.version(),
                        working.priority(),
                        working.config(),
                        working.plugin(),
                        config -> {
                            if (failure.get() != null) {
                                throw failure.get();
                            }
                            return working.factory().apply(config);
                        });
        try (var _ =
                        PluginServer.start(
                                directory.resolve("p.sock"),
                                List.of(moody),
                                ServerOptions.DEFAULTS);
                var worker = worker()) {
            assertThat(run(worker, ENTITY)).isInstanceOf(Exited.class);
            failure.set(null);
            Thread.sleep(1100);
            assertThat(run(worker, ENTITY)).isEqualTo(new Completed());
        }
    }

    @Test
    void servesManyConnectionsAtOnce() throws Exception {
        int many = 200;
        var allThere = new CountDownLatch(many);
        try (var _ =
                        serve((kong, config) -> {
                            var method = kong.request().getMethod();
                            kong.service().request().setHeader("X-B", "2");
                            allThere.countDown();
                            if (!allThere.await(10, TimeUnit.SECONDS)
                                    || !method.get().equals("GET")) {
                                throw new IllegalStateException("not all at once");
                            }
                        });
                var worker = worker();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var requests =
                    IntStream.range(0, many)
                            .<Callable<EventOutcome>>mapToObj(_ -> () -> run(worker, ENTITY))
                            .toList();
            for (var outcome : threads.invokeAll(requests)) {
                assertThat(outcome.get()).isEqualTo(new Completed());
            }
        }
    }

    @Test
    void survivesPeersThatDoNotSpeakTheProtocol() throws Exception {
        var random = new Random(7);
        try (var server = serve((kong, config) -> {});
                var worker = worker()) {
            for (int i = 0; i < 300; i++) {
                try (var channel =
                        SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
                    var bytes = new byte[random.nextInt(40)];
                    random.nextBytes(bytes);
                    if (i % 3 == 0 && bytes.length > 4) {
                        ByteBuffer.wrap(bytes)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(bytes.length - 4); // a whole frame of nonsense
                    }
                    channel.write(ByteBuffer.wrap(bytes));
                }
            }
            assertThat(run(worker, ENTITY)).isEqualTo(new Completed());
        }
    }

    @Test
    void takesACommandByteByByte() throws Exception {
        try (var server = serve((kong, config) -> {});
                var peer = new Peer(server.socket())) {
            var frame = WireTypes.RPC_CALL.encode(RpcCall.of(3, new CmdGetPluginNames()));
            var bytes =
                    ByteBuffer.allocate(4 + frame.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(frame.length)
                            .put(frame)
                            .array();
            for (byte one : bytes) {
                peer.channel.write(ByteBuffer.wrap(new byte[] {one}));
            }

            assertThat(peer.answer().pluginNames().names()).containsExactly("scripted");
        }
    }

    @Test
    void answersWhatKongNeverAsks() throws Exception {
        try (var server = serve((kong, config) -> {});
                var peer = new Peer(server.socket())) {
            peer.send(2, new CmdGetPluginInfo("scripted"));
            assertThat(peer.answer().pluginInfo().phases())
                    .containsExactly("rewrite", "access", "log");
            peer.send(3, new CmdGetPluginInfo("nobody"));
            assertThat(peer.answer()).isEqualTo(RpcReturn.of(3));
            peer.send(4, new CmdGetInstanceStatus(1));
            assertThat(peer.answer()).isEqualTo(RpcReturn.of(4));
        }
    }

    @Test
    void letsARunningEventEndWhenItStops() throws Exception {
        var running = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var server =
                serve((kong, config) -> {
                    running.countDown();
                    go.await();
                });
        var outcome = new ArrayList<EventOutcome>();
        try (var worker = worker()) {
            var request =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    outcome.add(run(worker, ENTITY));
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            running.await();
            var stop =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    server.close();
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            assertThat(stop.join(Duration.ofMillis(100))).isFalse();
            go.countDown();
            stop.join();
            request.join();
        }
        assertThat(outcome).containsExactly(new Completed());
        assertThat(server.socket()).doesNotExist();
    }

    @Test
    void takesOverTheSocketAndLeavesItToItsSuccessor() throws Exception {
        var first = serve((kong, config) -> {});
        try (var second = serve((kong, config) -> {});
                var worker = worker()) {
            first.close();

            assertThat(second.socket()).exists();
            assertThat(run(worker, ENTITY)).isEqualTo(new Completed());
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theSocketHasTheModeAskedFor() throws Exception {
        try (var server =
                serve((kong, config) -> {}, ServerOptions.DEFAULTS.withSocketMode("rw-rw----"))) {
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(server.socket())))
                    .isEqualTo("rw-rw----");
        }
    }

    @Test
    void listensAtTheLongestPathThatASocketHas() throws Exception {
        var folder = directory;
        while (folder.toString().length() < 91) {
            folder = Files.createDirectory(folder.resolve("d".repeat(10)));
        }
        var path = folder.resolve("x".repeat(105 - folder.toString().length()));
        assertThat(path.toString()).hasSize(106);
        Files.createFile(folder.resolve("other"));
        var definitions = List.of(ScriptedPlugin.definition((kong, config) -> {}));
        var options = ServerOptions.DEFAULTS.withSocketMode("rw-rw----");

        for (var end : List.of(path, folder.resolve("s"))) { // a short name, a long folder
            var first = PluginServer.start(end, definitions, options);
            try (var second = PluginServer.start(end, definitions, options);
                    var worker = new KongWorker(end, Timeouts.of(Duration.ofSeconds(10)))) {
                assertThat(run(worker, ENTITY)).isEqualTo(new Completed());
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(end)))
                        .isEqualTo("rw-rw----");
                first.close();
                assertThat(second.socket()).exists();
            }
            assertThat(end).doesNotExist();
        }
    }

    @Test
    void refusesAPathThatIsTooLongOrSomebodysFile() throws Exception {
        var definitions = List.of(ScriptedPlugin.definition((kong, config) -> {}));
        var file = Files.writeString(directory.resolve("file"), "precious");

        assertThatThrownBy(() ->
                        PluginServer.start(
                                directory.resolve("x".repeat(107)),
                                definitions,
                                ServerOptions.DEFAULTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 106 bytes");
        assertThatThrownBy(() -> PluginServer.start(file, definitions, ServerOptions.DEFAULTS))
                .hasMessageContaining("not a socket");
        assertThat(file).hasContent("precious");
    }

    /** A bare connection. */
    private static final class Peer implements AutoCloseable {
        private final SocketChannel channel;
        private final FrameReader reader;

        Peer(Path socket) throws Exception {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            reader = new FrameReader(channel, 1 << 20);
        }

        void send(long sequence, Command command) throws Exception {
            var frame = WireTypes.RPC_CALL.encode(RpcCall.of(sequence, command));
            channel.write(
                    ByteBuffer.allocate(4 + frame.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(frame.length)
                            .put(frame)
                            .flip());
        }

        RpcReturn answer() throws Exception {
            return WireTypes.RPC_RETURN.decode(reader.read());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
