// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.InstanceStatus;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.pdk.wire.WireTypes;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Says on its connections what the recorded plugin server said, and notes where Kong's side says
 * something else. Sequence numbers are the other side's.
 */
final class RecordedPluginServer implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Deque<Deque<JsonNode>> scripts = new ArrayDeque<>();
    private final Deque<Deque<JsonNode>> begun = new ArrayDeque<>();
    private final int firstId;
    private final boolean startsAnew;
    private boolean primed;
    final List<String> differences = Collections.synchronizedList(new ArrayList<>());

    /**
     * @param frames of a whole record; if it does not begin with the start of an instance, one is
     *     started before
     */
    RecordedPluginServer(Path socket, JsonNode frames) throws Exception {
        var byConnection = new TreeMap<Integer, Deque<JsonNode>>();
        for (var frame : frames) {
            byConnection
                    .computeIfAbsent(frame.path("conn").asInt(), _ -> new ArrayDeque<>())
                    .add(frame);
        }
        scripts.addAll(byConnection.values());
        var before = idBefore(frames);
        firstId = before.orElse(0);
        primed = before.isEmpty();
        startsAnew =
                !primed
                        && call(bytes(frames.path(0))).command().orElseThrow()
                                instanceof CmdStartInstance;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    /** The instance that was there before the record began. */
    private static OptionalInt idBefore(JsonNode frames) throws IOException {
        for (var frame : frames) {
            if (frame.path("dir").asText().equals("kong>plugin")
                    && !frame.path("frame_hex").isNull()) {
                switch (call(bytes(frame)).command().orElseThrow()) {
                    case CmdHandleEvent event -> {
                        return OptionalInt.of(event.instanceId());
                    }
                    case CmdCloseInstance close -> {
                        return OptionalInt.of(close.instanceId());
                    }
                    case CmdStartInstance _ -> {
                        if (!closesNext(frames)) {
                            return OptionalInt.empty();
                        }
                    }
                    default -> throw new AssertionError("not sent by Kong");
                }
            }
        }
        return OptionalInt.empty();
    }

    private static boolean closesNext(JsonNode frames) throws IOException {
        return call(bytes(frames.path(2))).command().orElseThrow() instanceof CmdCloseInstance;
    }

    boolean needsPriming() {
        return !primed;
    }

    /** Whether the record begins with another configuration of that instance. */
    boolean startsAnew() {
        return startsAnew;
    }

    /** Frames that were not said. */
    synchronized int left() {
        return scripts.stream().mapToInt(Deque::size).sum()
                + begun.stream().mapToInt(Deque::size).sum();
    }

    private void accept() {
        try {
            while (true) {
                var channel = server.accept();
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            new Conversation(channel).run();
        } catch (IOException e) {
            // the other side has gone, as Kong does after an exit
        } catch (Exception e) {
            differences.add(e.toString());
        }
    }

    private static byte[] bytes(JsonNode frame) {
        return Golden.bytes(frame, "frame_hex").orElseThrow();
    }

    private static RpcCall call(byte[] frame) throws IOException {
        return WireTypes.RPC_CALL.decode(frame);
    }

    private synchronized Deque<JsonNode> nextScript() {
        var script = scripts.isEmpty() ? new ArrayDeque<JsonNode>() : scripts.removeFirst();
        begun.add(script);
        return script;
    }

    /** One connection. */
    private final class Conversation {
        private final SocketChannel channel;
        private final FrameReader reader;
        private final FrameWriter writer = new FrameWriter();
        private final Deque<PdkMethod<?, ?>> unanswered = new ArrayDeque<>();
        private Optional<Deque<JsonNode>> script = Optional.empty();
        private long offset;
        private boolean inEvent;
        private boolean over;
        private Optional<String> method = Optional.empty();

        Conversation(SocketChannel channel) {
            this.channel = channel;
            this.reader = new FrameReader(channel, 1 << 24);
        }

        void run() throws IOException {
            while (true) {
                var frame = reader.next();
                if (frame.isEmpty()) {
                    return;
                }
                if (!primed) {
                    prime(call(frame.get()));
                } else if (!follow(frame.get())) {
                    return;
                }
            }
        }

        private void prime(RpcCall call) throws IOException {
            if (call.command().orElseThrow() instanceof CmdStartInstance start) {
                var status = new InstanceStatus(start.name(), firstId, Value.nil(), 1);
                send(WireTypes.RPC_RETURN.encode(RpcReturn.of(call.sequence(), status)));
            } else {
                primed = true;
                writer.add(new byte[0]);
                send(WireTypes.RPC_RETURN.encode(RpcReturn.of(call.sequence())));
            }
        }

        /**
         * @return whether the connection goes on
         */
        private boolean follow(byte[] received) throws IOException {
            if (script.isEmpty()) {
                script = Optional.of(nextScript());
            }
            var frames = script.get();
            if (frames.isEmpty() || !frames.getFirst().path("dir").asText().equals("kong>plugin")) {
                differences.add("a frame that was not recorded");
                return false;
            }
            compare(bytes(frames.removeFirst()), received);
            while (!frames.isEmpty()
                    && frames.getFirst().path("dir").asText().equals("plugin>kong")) {
                var next = frames.removeFirst();
                if (next.path("frame_hex").isNull()) {
                    return false;
                }
                say(bytes(next));
            }
            if (!frames.isEmpty() && frames.getFirst().path("frame_hex").isNull()) {
                frames.removeFirst();
                if (reader.next().isPresent()) {
                    differences.add("a frame instead of the end");
                }
                return false;
            }
            return true;
        }

        private void compare(byte[] expected, byte[] received) throws IOException {
            if (!unanswered.isEmpty()) {
                var asked = unanswered.removeFirst();
                note(asked.name(), answer(asked, expected), answer(asked, received));
                return;
            }
            var recorded = call(expected);
            var actual = call(received);
            offset = actual.sequence() - recorded.sequence();
            inEvent = recorded.command().orElseThrow() instanceof CmdHandleEvent;
            over = false;
            method = Optional.empty();
            note("command", command(recorded), command(actual));
        }

        private String answer(PdkMethod<?, ?> asked, byte[] frame) {
            try {
                return asked == PdkMethods.LOG_SERIALIZE
                        ? Decoded.shape(asked, frame)
                        : Decoded.exact(asked, frame);
            } catch (Exception e) {
                return e.toString();
            }
        }

        private String command(RpcCall call) {
            return switch (call.command().orElseThrow()) {
                case CmdStartInstance start -> "start " + start.name();
                case CmdHandleEvent event -> event.toString();
                default -> "another command";
            };
        }

        private void note(String what, String expected, String actual) {
            if (!expected.equals(actual)) {
                differences.add(what + ": expected " + expected + " but was " + actual);
            }
        }

        /** Frames are told apart by their place only. */
        private void say(byte[] frame) throws IOException {
            if (over) {
                send(frame); // too much, to see what Kong does with it
                return;
            }
            if (!inEvent) {
                over = true;
                var answer = WireTypes.RPC_RETURN.decode(frame);
                send(
                        WireTypes.RPC_RETURN.encode(
                                new RpcReturn(
                                        answer.sequence() + offset,
                                        answer.pluginNames(),
                                        answer.pluginInfo(),
                                        answer.instanceStatus())));
                return;
            }
            send(frame);
            if (method.isPresent()) {
                PdkMethods.named(method.get())
                        .filter(called -> called != PdkMethods.RESPONSE_EXIT)
                        .ifPresent(unanswered::add);
                method = Optional.empty();
            } else if (frame.length == 0) {
                inEvent = false; // what comes next is the return
            } else {
                method = Optional.of(new String(frame, StandardCharsets.ISO_8859_1));
            }
        }

        private void send(byte[] frame) throws IOException {
            writer.add(frame).flush(channel);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
