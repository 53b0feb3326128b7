// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.message.InstanceStatus;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.pdk.wire.WireException;
import ai.jan.kong.pdk.wire.WireTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Says what the recorded plugin server said, and notes where Kong's side says something else.
 * Sequence numbers are the other side's. Thread-safe.
 */
final class RecordedPluginServer implements AutoCloseable {
    private static final String WORKSPACE = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";

    final List<String> differences = Collections.synchronizedList(new ArrayList<>());
    private final ServerSocketChannel server;
    private final List<RecordedConversation.Exchange> left;
    private final Deque<OptionalInt> before = new ArrayDeque<>();
    private volatile boolean begun;

    /** Released when a connection is closed on which an event has ended with an exit. */
    private volatile CountDownLatch closes = new CountDownLatch(0);

    RecordedPluginServer(Path socket, RecordedConversation conversation) throws IOException {
        left = new ArrayList<>(conversation.exchanges());
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    /**
     * Has the next instance started before the record begins.
     *
     * @param id its id; without one the start is answered badly
     */
    void startsBefore(OptionalInt id) {
        before.add(id);
    }

    /** What comes from now on is in the record. */
    void begin() {
        begun = true;
    }

    /** Commands that did not come, or did not come to their end. */
    synchronized List<String> left() {
        return left.stream().map(exchange -> text(exchange.command())).toList();
    }

    /** Waits until the plugin server has closed a connection on which it had answered a request. */
    void awaitClose() throws InterruptedException {
        if (!closes.await(10, TimeUnit.SECONDS)) {
            differences.add("the plugin server did not close");
        }
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
            new Connection(channel).run();
        } catch (IOException e) {
            // the other side has gone, as Kong does after an exit
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            differences.add(e.toString());
        } finally {
            closes.countDown();
        }
    }

    /** The first one that was recorded of this command. */
    private synchronized Optional<RecordedConversation.Exchange> take(Command command) {
        var found =
                left.stream()
                        .filter(exchange -> text(exchange.command()).equals(text(command)))
                        .findFirst();
        found.ifPresent(left::remove);
        return found;
    }

    /** A command in a form in which two of them can be compared. */
    private static String text(Command command) {
        return switch (command) {
            case CmdStartInstance start ->
                    "start " + start.name() + " " + config(start.config().utf8());
            case CmdHandleEvent event -> "event " + event;
            case CmdCloseInstance close -> "close " + close.instanceId();
            default -> "not sent by Kong";
        };
    }

    /** The id of the workspace is another one in each Kong. */
    private static String config(String json) {
        try {
            var config = (ObjectNode) Golden.MAPPER.readTree(json);
            config.remove("__ws_id");
            config.put("__key__", config.path("__key__").asText().replaceAll(WORKSPACE, "ws"));
            return Golden.sorted(config);
        } catch (JsonProcessingException e) {
            return json;
        }
    }

    /** One connection. */
    private final class Connection {
        private final SocketChannel channel;
        private final FrameReader reader;
        private final FrameWriter writer = new FrameWriter();

        Connection(SocketChannel channel) {
            this.channel = channel;
            this.reader = new FrameReader(channel, 1 << 24);
        }

        void run() throws IOException, InterruptedException {
            for (var frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                var call = WireTypes.RPC_CALL.decode(frame.get());
                if (!begun) {
                    answerBefore(call);
                } else {
                    var exchange = take(call.command().orElseThrow());
                    if (exchange.isEmpty()) {
                        differences.add("not recorded: " + text(call.command().orElseThrow()));
                        return;
                    }
                    if (!play(exchange.get(), call.sequence())) {
                        return;
                    }
                }
            }
        }

        private void answerBefore(RpcCall call) throws IOException {
            var sequence = call.sequence();
            var answer = RpcReturn.of(sequence);
            if (call.command().orElseThrow() instanceof CmdStartInstance start) {
                var id = before.removeFirst();
                if (id.isPresent()) {
                    var status = new InstanceStatus(start.name(), id.getAsInt(), Value.nil(), 1);
                    answer = RpcReturn.of(sequence, status);
                }
            } else {
                writer.add(new byte[0]);
            }
            writer.add(WireTypes.RPC_RETURN.encode(answer)).flush(channel);
        }

        /**
         * @return whether the connection goes on
         */
        private boolean play(RecordedConversation.Exchange exchange, long sequence)
                throws IOException, InterruptedException {
            var talk = new PluginTalk(exchange.command());
            if (leavesAtOnce(exchange)) {
                closes = new CountDownLatch(1);
            }
            for (var step : exchange.steps()) {
                if (step.fromKong()) {
                    writer.flush(channel);
                    var received = reader.next();
                    if (step.bytes().isEmpty()) {
                        check(received.isEmpty(), "a frame instead of the end");
                        return false;
                    }
                    var asked = talk.asked().orElseThrow();
                    check(received.isPresent(), "the end instead of an answer to " + asked);
                    compare(asked, step.bytes().get(), received.orElse(new byte[0]));
                } else if (step.bytes().isEmpty()) {
                    writer.flush(channel);
                    return false;
                } else {
                    say(step, talk, sequence - exchange.call().sequence());
                }
                step.bytes().ifPresent(bytes -> talk.next(step.fromKong(), bytes));
            }
            writer.flush(channel);
            return !talk.hasExited();
        }

        /** Whether it writes calls and an exit, and closes without looking at any answer. */
        private static boolean leavesAtOnce(RecordedConversation.Exchange exchange) {
            var talk = new PluginTalk(exchange.command());
            exchange.steps()
                    .forEach(step ->
                            step.bytes().ifPresent(bytes -> talk.next(step.fromKong(), bytes)));
            return talk.hasExited() && talk.asked().isPresent();
        }

        private void say(RecordedConversation.Step step, PluginTalk talk, long offset)
                throws IOException, InterruptedException {
            if (step.pauseMs() > 0) {
                writer.flush(channel);
                Thread.sleep(step.pauseMs());
            }
            var frame = step.bytes().orElseThrow();
            writer.add(talk.next() == PluginTalk.Next.RETURN ? numbered(frame, offset) : frame);
            if (step.byteByByte()) {
                writer.flush(slowly());
            }
        }

        private static byte[] numbered(byte[] frame, long offset) {
            RpcReturn answer;
            try {
                answer = WireTypes.RPC_RETURN.decode(frame);
            } catch (WireException e) {
                return frame; // sent to see what Kong does with it
            }
            return WireTypes.RPC_RETURN.encode(
                    new RpcReturn(
                            answer.sequence() + offset,
                            answer.pluginNames(),
                            answer.pluginInfo(),
                            answer.instanceStatus()));
        }

        private WritableByteChannel slowly() {
            return new WritableByteChannel() {
                @Override
                public int write(ByteBuffer bytes) throws IOException {
                    return channel.write(ByteBuffer.wrap(new byte[] {bytes.get()}));
                }

                @Override
                public boolean isOpen() {
                    return channel.isOpen();
                }

                @Override
                public void close() throws IOException {
                    channel.close();
                }
            };
        }

        private void compare(PdkMethod<?, ?> asked, byte[] expected, byte[] received) {
            var wanted = answer(asked, expected);
            var found = answer(asked, received);
            check(wanted.equals(found), asked + ": expected " + wanted + " but was " + found);
        }

        private static String answer(PdkMethod<?, ?> asked, byte[] frame) {
            try {
                return asked == PdkMethods.LOG_SERIALIZE
                        ? Decoded.shape(asked, frame)
                        : Decoded.exact(asked, frame);
            } catch (Exception e) {
                return e.toString();
            }
        }

        private void check(boolean condition, String difference) {
            if (!condition) {
                differences.add(difference);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
