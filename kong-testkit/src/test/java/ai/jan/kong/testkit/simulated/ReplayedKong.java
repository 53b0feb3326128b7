// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.pdk.wire.WireTypes;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends a plugin server the recorded frames of Kong, each when it is due, and notes what Kong would
 * not have accepted. Commands come one after the other, in the order in which they were sent.
 */
final class ReplayedKong implements AutoCloseable {
    private static final byte[] NOTHING = {};

    final List<String> differences = new ArrayList<>();
    private final Path socket;
    private final ReplayedScript script;
    private final Map<Integer, Connection> connections = new HashMap<>();
    private final Map<Integer, Integer> ids = new HashMap<>();
    private final Set<Integer> given = new HashSet<>();
    private long sequence = 1_000_000;

    ReplayedKong(Path socket, ReplayedScript script) {
        this.socket = socket;
        this.script = script;
    }

    /** One of Kong's connections. */
    private record Connection(SocketChannel channel, FrameReader reader, FrameWriter writer)
            implements AutoCloseable {
        static Connection open(Path socket) throws IOException {
            var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            return new Connection(channel, new FrameReader(channel, 1 << 24), new FrameWriter());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        void send(byte[] frame) throws IOException {
            writer.add(frame).flush(channel);
        }
    }

    /**
     * @return the number of commands
     */
    int replay(RecordedConversation conversation) throws IOException {
        for (var exchange : conversation.exchanges()) {
            startBefore(conversation, exchange);
            play(exchange);
        }
        for (var connection : connections.values()) {
            expectSilence(connection);
        }
        return conversation.exchanges().size();
    }

    /** An instance from before the record. */
    private void startBefore(
            RecordedConversation conversation, RecordedConversation.Exchange exchange)
            throws IOException {
        var command = exchange.command();
        if (exchange.instance().isPresent() && !(command instanceof CmdStartInstance)) {
            int id = exchange.instance().getAsInt();
            if (!ids.containsKey(id)) {
                var name = conversation.plugins().getFirst();
                var start = new CmdStartInstance(name, Bytes.utf8("{}"));
                try (var connection = Connection.open(socket)) {
                    connection.send(WireTypes.RPC_CALL.encode(RpcCall.of(++sequence, start)));
                    started(id, connection.reader().read(), sequence);
                }
            }
        }
    }

    private void play(RecordedConversation.Exchange exchange) throws IOException {
        var number = exchange.connection();
        if (!connections.containsKey(number)) {
            connections.put(number, Connection.open(socket));
        }
        var connection = connections.get(number);
        boolean goesOn =
                switch (exchange.command()) {
                    case CmdStartInstance _ -> {
                        connection.send(exchange.frame());
                        started(
                                exchange.started().orElse(-1),
                                connection.reader().read(),
                                exchange.call().sequence());
                        yield true;
                    }
                    case CmdCloseInstance(int id) -> {
                        send(connection, exchange, new CmdCloseInstance(ids.get(id)));
                        returned(connection.reader().read(), exchange.call().sequence());
                        yield true;
                    }
                    case CmdHandleEvent(int id, var phase) -> {
                        script.set(calls(exchange));
                        send(connection, exchange, new CmdHandleEvent(ids.get(id), phase));
                        yield converse(connection, exchange, phase);
                    }
                    default -> throw new AssertionError("not sent by Kong");
                };
        if (!goesOn) {
            connection.close();
            connections.remove(number);
        }
    }

    /** The recorded frame, but for the id of the instance, which is the server's to choose. */
    private static void send(
            Connection connection, RecordedConversation.Exchange exchange, Command command)
            throws IOException {
        connection.send(WireTypes.RPC_CALL.encode(RpcCall.of(exchange.call().sequence(), command)));
    }

    private void started(int recorded, byte[] frame, long number) throws IOException {
        var status = returned(frame, number).instanceStatus();
        if (status == null) {
            differences.add("no status of an instance");
            return;
        }
        ids.put(recorded, status.instanceId());
        if (!given.add(status.instanceId())) {
            differences.add("the id " + status.instanceId() + " is given twice");
        }
    }

    private RpcReturn returned(byte[] frame, long number) throws IOException {
        var answer = WireTypes.RPC_RETURN.decode(frame);
        if (answer.sequence() != number) {
            differences.add("sequence " + answer.sequence() + " instead of " + number);
        }
        return answer;
    }

    /** What the recorded plugin called, as far as one can call it. */
    private static List<ReplayedScript.Call> calls(RecordedConversation.Exchange exchange) {
        var talk = new PluginTalk(exchange.command());
        var calls = new ArrayList<ReplayedScript.Call>();
        for (var step : exchange.steps()) {
            if (step.bytes().isPresent()) {
                if (!step.fromKong() && talk.next() == PluginTalk.Next.ARGUMENT) {
                    calls.add(new ReplayedScript.Call(talk.method(), step.bytes().get()));
                }
                talk.next(step.fromKong(), step.bytes().get());
            }
        }
        return calls;
    }

    /** Answers the calls of an event as recorded. */
    private boolean converse(
            Connection connection, RecordedConversation.Exchange exchange, String phase)
            throws IOException {
        var expected = new ArrayDeque<>(calls(exchange));
        var answers = answers(exchange);
        boolean fails = false;
        while (true) {
            var method = new String(connection.reader().read(), StandardCharsets.ISO_8859_1);
            if (method.isEmpty()) {
                returned(connection.reader().read(), exchange.call().sequence());
                if (!expected.isEmpty() && !fails) {
                    differences.add(phase + " ends before " + expected.getFirst().method());
                }
                return true;
            }
            var argument = connection.reader().read();
            if (method.equals(PdkMethods.RESPONSE_EXIT.name())) {
                exited(expected, argument, phase, fails);
                return expectEnd(connection);
            }
            if (method.equals(PdkMethods.LOG_ERR.name()) && !isNext(expected, method, argument)) {
                fails = true; // what the kit says when a plugin fails
                connection.send(NOTHING);
            } else if (!isNext(expected, method, argument)) {
                differences.add(phase + " calls " + method);
                return false;
            } else {
                expected.removeFirst();
                if (answers.isEmpty()) {
                    return false; // Kong has given the event up
                }
                connection.send(answers.removeFirst());
            }
        }
    }

    private static Deque<byte[]> answers(RecordedConversation.Exchange exchange) {
        var answers = new ArrayDeque<byte[]>();
        exchange.steps().stream()
                .filter(RecordedConversation.Step::fromKong)
                .forEach(step -> step.bytes().ifPresent(answers::add));
        return answers;
    }

    private static boolean isNext(
            Deque<ReplayedScript.Call> expected, String method, byte[] argument) {
        var next = expected.peekFirst();
        return next != null
                && next.method().equals(method)
                && same(method, next.argument(), argument);
    }

    private static boolean same(String method, byte[] one, byte[] other) {
        try {
            var type = PdkMethods.named(method).orElseThrow().argument();
            return type.decode(one).equals(type.decode(other));
        } catch (IOException e) {
            return Arrays.equals(one, other);
        }
    }

    /** The exit that was recorded, or that of a plugin that has failed. */
    private void exited(
            Deque<ReplayedScript.Call> expected, byte[] argument, String phase, boolean fails)
            throws IOException {
        int status = PdkMethods.RESPONSE_EXIT.argument().decode(argument).status();
        boolean recorded = isNext(expected, PdkMethods.RESPONSE_EXIT.name(), argument);
        if (!recorded && !(fails && status == 500)) {
            differences.add(phase + " exits with " + status);
        }
    }

    /** After an exit the server closes; Kong needs nothing more. */
    private boolean expectEnd(Connection connection) throws IOException {
        if (connection.reader().next().isPresent()) {
            differences.add("a frame after the exit");
        }
        return false;
    }

    /** Anything unread would make Kong close a pooled connection. */
    private void expectSilence(Connection connection) throws IOException {
        connection.channel().configureBlocking(false);
        int count = connection.channel().read(ByteBuffer.allocate(1));
        if (count != 0 || connection.reader().hasBuffered()) {
            differences.add(count < 0 ? "an idle connection is closed" : "bytes left over");
        }
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections.values()) {
            connection.close();
        }
    }
}
