// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.pdk.wire.WireTypes;
import ai.jan.kong.testkit.EventOutcome.Completed;
import ai.jan.kong.testkit.EventOutcome.Exited;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Long misuse leaves nothing behind: no thread, no descriptor, no memory, and a server that goes
 * on. The long versions are run by {@code make soak}.
 */
@Timeout(60)
class EnduranceIT {
    private static final long SEED = 20_261_123;

    @TempDir Path directory;

    private final AtomicReference<ScriptedPlugin.Script> script =
            new AtomicReference<>((kong, config) -> {});
    private PluginServer server;
    private KongWorker worker;

    @BeforeEach
    void serve() throws Exception {
        server =
                PluginServer.start(
                        directory.resolve("p.sock"),
                        List.of(
                                ScriptedPlugin.definition(
                                        (kong, config) -> script.get().run(kong, config))),
                        ServerOptions.DEFAULTS);
        worker = new KongWorker(server.socket(), Timeouts.of(Duration.ofSeconds(20)));
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        server.close();
    }

    @Test
    void connectionsThatAreDropped() throws Exception {
        dropConnections(400);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void tenThousandConnectionsThatAreDropped() throws Exception {
        dropConnections(10_000);
    }

    @Test
    void eventsThatFail() throws Exception {
        failEvents(200);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void tenThousandEventsThatFail() throws Exception {
        failEvents(10_000);
    }

    @Test
    void framesOfNonsense() throws Exception {
        sendNonsense(300);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void thirtyThousandFramesOfNonsense() throws Exception {
        sendNonsense(30_000);
    }

    @Test
    void hostileTexts() throws Exception {
        echoTexts(300);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void thirtyThousandHostileTexts() throws Exception {
        echoTexts(30_000);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void fiftyThousandInstancesThatAreNeverClosed() throws Exception {
        int first = startInstance("first");
        var before = Resources.now();
        for (int i = 0; i < 50_000; i++) {
            startInstance("n" + i);
        }
        System.out.printf("after 50000 instances: %s, before %s%n", Resources.now(), before);
        assertThat(Resources.now().heapBytes() - before.heapBytes()).isLessThan(64 << 20);

        // Kong starts one anew that was dropped
        var event = bytes(WireTypes.RPC_CALL.encode(RpcCall.of(2, accessOf(first))));
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            channel.write(ByteBuffer.wrap(event));
            assertThat(new String(new FrameReader(channel, 1 << 20).read(), US_ASCII))
                    .startsWith("no plugin instance");
        }
        answers();
    }

    /** At once before a frame, in its length, in it, in an event, and in an answer. */
    private void dropConnections(int count) throws Exception {
        var event = bytes(WireTypes.RPC_CALL.encode(RpcCall.of(3, accessOf(startInstance("x")))));
        script.set((kong, config) -> kong.request().getMethod().get());
        dropOne(event, 4); // all classes are there then
        var before = Resources.now();
        for (int i = 0; i < count; i++) {
            dropOne(event, i % 5);
        }
        script.set((kong, config) -> {});
        answers();
        before.areBackAfter(count + " connections");
    }

    private void dropOne(byte[] event, int moment) throws Exception {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            switch (moment) {
                case 0 -> {}
                case 1 -> channel.write(ByteBuffer.wrap(event, 0, 2));
                case 2 -> channel.write(ByteBuffer.wrap(event, 0, event.length / 2));
                default -> {
                    channel.write(ByteBuffer.wrap(event));
                    new FrameReader(channel, 1 << 20).read(); // the plugin has asked
                    if (moment == 4) {
                        channel.write(ByteBuffer.wrap(new byte[] {5, 0, 0, 0, 10, 3, 'G'}));
                    }
                }
            }
        }
    }

    private static CmdHandleEvent accessOf(int instance) {
        return new CmdHandleEvent(instance, "access");
    }

    /**
     * @return its id
     */
    private int startInstance(String text) throws IOException {
        var config = Bytes.utf8("{\"text\":\"" + text + "\"}");
        var start = new CmdStartInstance(ScriptedPlugin.NAME, config);
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            channel.write(ByteBuffer.wrap(bytes(WireTypes.RPC_CALL.encode(RpcCall.of(2, start)))));
            var answer = new FrameReader(channel, 1 << 20).read();
            return WireTypes.RPC_RETURN.decode(answer).instanceStatus().instanceId();
        }
    }

    private static byte[] bytes(byte[] frame) throws IOException {
        var bytes = new ByteArrayOutputStream();
        new FrameWriter().add(frame).flush(Channels.newChannel(bytes));
        return bytes.toByteArray();
    }

    /** In every way in which Java code fails; the next event goes well. */
    private void failEvents(int count) throws Exception {
        var failures =
                List.<ScriptedPlugin.Script>of(
                        (kong, config) -> {
                            throw new IllegalStateException("closed: no plugin instance");
                        },
                        (kong, config) -> {
                            throw new IOException("broken");
                        },
                        (kong, config) -> recurse(0),
                        (kong, config) -> {
                            throw new OutOfMemoryError("as a plugin would have it");
                        },
                        (kong, config) -> {
                            throw new ExceptionInInitializerError("a class that cannot be had");
                        },
                        (kong, config) -> {
                            Thread.currentThread().interrupt();
                            throw new InterruptedException();
                        },
                        (kong, config) -> kong.response().setStatus(99),
                        (kong, config) -> {
                            throw new Unspeakable();
                        });
        for (var failure : failures) {
            fails(failure);
        }
        var before = Resources.now();
        for (int i = 0; i < count; i++) {
            fails(failures.get(i % failures.size()));
            if (i % 50 == 0) {
                answers();
            }
        }
        answers();
        before.areBackAfter(count + " failed events");
    }

    private void fails(ScriptedPlugin.Script failure) throws Exception {
        script.set(failure);
        assertThat(access(new RecordingHost()))
                .isInstanceOfSatisfying(
                        Exited.class, exited -> assertThat(exited.status()).isEqualTo(500));
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    /** An exception that cannot even be written into a log. */
    private static final class Unspeakable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("has no message");
        }
    }

    /** Random bytes, whole frames of them, and damaged frames of Kong. */
    private void sendNonsense(int count) throws Exception {
        var random = new Random(SEED);
        var event = WireTypes.RPC_CALL.encode(RpcCall.of(2, accessOf(startInstance("x"))));
        nonsense(random, 0, event);
        answers();
        var before = Resources.now();
        for (int i = 0; i < count; i++) {
            nonsense(random, i % 3, event);
        }
        answers();
        before.areBackAfter(count + " frames of nonsense");
    }

    private void nonsense(Random random, int kind, byte[] event) throws Exception {
        var frame = kind == 2 ? event.clone() : new byte[random.nextInt(60)];
        if (kind == 2) {
            frame[random.nextInt(frame.length)] = (byte) random.nextInt();
        } else {
            random.nextBytes(frame);
        }
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            channel.write(ByteBuffer.wrap(kind == 0 ? frame : bytes(frame)));
            channel.shutdownOutput();
            var answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0 && answer.hasRemaining()) { // until it has closed
                answer.limit(answer.capacity());
            }
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*"); // it was quicker
        }
    }

    /** Any bytes that a client sends come to the plugin, and go back to Kong, as they are. */
    private void echoTexts(int count) throws Exception {
        script.set(EnduranceIT::echo);
        var random = new Random(SEED);
        echo(random);
        var before = Resources.now();
        for (int i = 0; i < count; i++) {
            echo(random);
        }
        before.areBackAfter(count + " hostile texts");
    }

    private static void echo(Kong kong, ScriptedPlugin.Config config) {
        kong.ctx().shared().set("text", kong.request().getHeader("x").get().orElse(""));
    }

    private void echo(Random random) throws Exception {
        var bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        var text = WireTypes.STRING.decode(stringMessage(bytes));
        var sent = new ArrayList<String>();
        var outcome =
                access((method, argument) -> {
                    if (method == PdkMethods.REQUEST_GET_HEADER) {
                        return text;
                    }
                    sent.add(((Kv) argument).v().toJava().toString());
                    return null;
                });
        assertThat(outcome).isEqualTo(new Completed());
        assertThat(WireTypes.STRING.encode(sent.getFirst())).isEqualTo(stringMessage(bytes));
    }

    /** {@code String{v}} of any bytes, written without our codec. */
    private static byte[] stringMessage(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        int head = bytes.length < 128 ? 2 : 3;
        var message = ByteBuffer.allocate(head + bytes.length).put((byte) 10);
        if (head == 3) {
            message.put((byte) (bytes.length | 128)).put((byte) (bytes.length >> 7));
        } else {
            message.put((byte) bytes.length);
        }
        return message.put(bytes).array();
    }

    private void answers() throws Exception {
        script.set((kong, config) -> {});
        assertThat(access(new RecordingHost())).isEqualTo(new Completed());
    }

    private EventOutcome access(PdkHost host) throws Exception {
        return worker.run(ServedScript.ENTITY, Phase.ACCESS, host);
    }
}
