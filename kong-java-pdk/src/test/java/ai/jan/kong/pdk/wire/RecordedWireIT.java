// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.Value;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every recorded frame is read, and written again as Kong wrote it. */
class RecordedWireIT {
    /** The recorded Kong is newer than 3.9 in this: these work in log there. */
    private static final Set<String> NEWER_IN_LOG =
            Set.of(
                    "kong.request.get_scheme",
                    "kong.request.get_host",
                    "kong.request.get_path",
                    "kong.request.get_path_with_query");

    /** Never answered; or refused for a value in Kong, or for the route. */
    private static final Set<PdkMethod<?, ?>> NOT_FORESEEABLE =
            Set.of(
                    PdkMethods.RESPONSE_EXIT,
                    PdkMethods.CTX_SHARED_GET,
                    PdkMethods.NGINX_GET_CTX,
                    PdkMethods.CLIENT_GET_PROTOCOL);

    @Test
    void aFewCallsOfEachMethod() throws Exception {
        checkCalls(Recordings.bundled());
    }

    @Test
    void aFewConversations() throws Exception {
        checkConversations(Recordings.bundled());
    }

    @Test
    void allCalls() throws Exception {
        var all = Recordings.complete();
        assumeTrue(all.isPresent(), "the complete recordings are not on this machine");
        checkCalls(all.get());
    }

    @Test
    void allConversations() throws Exception {
        var all = Recordings.complete();
        assumeTrue(all.isPresent(), "the complete recordings are not on this machine");
        assumeTrue(
                !Recordings.read(all.get(), "wire-conversations").isEmpty(),
                "there are none there");
        checkConversations(all.get());
    }

    private static void checkCalls(Path directory) throws Exception {
        var getters = Recordings.read(directory, "wire-getters");
        for (var getter : getters) {
            checkCall(getter);
        }
        var setters = Recordings.read(directory, "wire-setters");
        for (var setter : setters) {
            for (var call : setter.path("calls")) {
                checkCall(call);
            }
        }
        assertThat(getters.size() + setters.size()).isPositive();
    }

    private static void checkCall(JsonNode call) throws Exception {
        var phases = call.path("phase");
        var found = PdkMethods.named(call.path("method").textValue());
        if (found.isEmpty()) {
            assertThat(call.path("reply").textValue()).isEqualTo("none");
            return;
        }
        var method = found.get();
        var argument = Recordings.bytes(call, "argument_hex");
        var reply = Recordings.bytes(call, "reply_hex");
        if (argument.isPresent()) {
            checkArgument(method, argument.get());
        }
        if (reply.isPresent()) {
            checkReply(method, reply.get());
            checkAllowed(method, phases);
        }
        boolean refused = "none".equals(call.path("reply").textValue());
        if (refused && argument.isPresent() && !call.path("aborted").asBoolean()) {
            checkRefused(method, phases, argument.get());
        }
    }

    /** What the recorder sent may be written in more than one way, so its meaning is compared. */
    private static <A> void checkArgument(PdkMethod<A, ?> method, byte[] bytes) throws Exception {
        checkAgain(method.argument(), bytes);
    }

    /** Some frames were sent by the recorder to see what Kong does with what is no message. */
    private static <T> void checkAgain(WireType<T> type, byte[] bytes) throws Exception {
        T message;
        try {
            message = type.decode(bytes);
        } catch (WireException e) {
            var oracle = new ProtobufOracle().type(type.name());
            assertThat(catchThrowable(() -> DynamicMessage.parseFrom(oracle, bytes)))
                    .as("%s %s", type.name(), HexFormat.of().formatHex(bytes))
                    .isInstanceOf(InvalidProtocolBufferException.class);
            return;
        }
        assertThat(type.decode(type.encode(message))).as(type.name()).isEqualTo(message);
    }

    private static <R> void checkReply(PdkMethod<?, R> method, byte[] bytes) throws Exception {
        if (bytes.length == 0) {
            assertThat(method.encodeResult(null)).isEmpty();
            return;
        }
        var result = method.result().decode(bytes);
        var again = method.encodeResult(result);
        assertThat(method.result().decode(again)).as(method.name()).isEqualTo(result);
        // The entries of a map come in any order, so the bytes do too.
        assertThat(sorted(again)).as("%s %s", method, result).isEqualTo(sorted(bytes));
    }

    private static void checkAllowed(PdkMethod<?, ?> method, JsonNode phases) {
        for (var phase : phases.isArray() ? phases : List.of(phases)) {
            if (!(phase.textValue().equals("log") && NEWER_IN_LOG.contains(method.name()))) {
                assertThat(method.phases())
                        .as(method.name())
                        .contains(Phase.of(phase.textValue()).orElseThrow());
            }
        }
    }

    /**
     * A call that Kong did not answer is one that the PDK does not send, but for what it cannot
     * know.
     */
    private static <A, R> void checkRefused(PdkMethod<A, R> method, JsonNode phase, byte[] argument)
            throws Exception {
        if (NOT_FORESEEABLE.contains(method)) {
            return;
        }
        var decoded = method.argument().decode(argument);
        var in = Phase.of(phase.textValue()).orElseThrow();
        assertThat(catchThrowable(() -> method.check(in, decoded)))
                .as("%s(%s) in %s", method, decoded, in)
                .isInstanceOfAny(IllegalStateException.class, IllegalArgumentException.class);
    }

    private static byte[] sorted(byte[] bytes) {
        var copy = bytes.clone();
        Arrays.sort(copy);
        return copy;
    }

    private static void checkConversations(Path directory) throws Exception {
        int calls = 0;
        var records = Recordings.read(directory, "wire-conversations");
        for (var record : records) {
            Map<Integer, Conversation> connections = new HashMap<>();
            for (var frame : record.path("frames")) {
                var bytes = Recordings.bytes(frame, "frame_hex");
                if (bytes.isPresent()) {
                    var conversation =
                            connections.computeIfAbsent(
                                    frame.path("conn").asInt(), _ -> new Conversation());
                    conversation.next(frame.path("dir").textValue(), bytes.get());
                    calls += conversation.calls;
                    conversation.calls = 0;
                }
            }
        }
        assertThat(records).isNotEmpty();
        assertThat(calls).isPositive();
    }

    /** Follows one connection, since only the position of a frame tells what it is. */
    private static final class Conversation {
        private final ArrayDeque<PdkMethod<?, ?>> unanswered = new ArrayDeque<>();
        private boolean inEvent;
        private boolean ending;
        private boolean returned;
        private PdkMethod<?, ?> called;
        private boolean unknown;
        private int calls;

        void next(String direction, byte[] frame) throws Exception {
            if (direction.equals("kong>plugin")) {
                fromKong(frame);
            } else {
                fromPlugin(frame);
            }
        }

        private void fromKong(byte[] frame) throws Exception {
            if (!unanswered.isEmpty()) {
                checkReply(unanswered.removeFirst(), frame);
                return;
            }
            var call = WireTypes.RPC_CALL.decode(frame);
            assertThat(sorted(WireTypes.RPC_CALL.encode(call))).isEqualTo(sorted(frame));
            inEvent = call.command().orElseThrow() instanceof CmdHandleEvent;
            ending = false;
            returned = false;
            called = null;
            unknown = false;
        }

        private void fromPlugin(byte[] frame) throws Exception {
            if (returned) {
                return; // sent too much, to see what Kong does with it
            }
            if (!inEvent || ending) {
                returned = true;
                checkAgain(WireTypes.RPC_RETURN, frame);
            } else if (called != null || unknown) {
                if (called != null) {
                    checkArgument(called, frame);
                    unanswered.add(called);
                    calls++;
                }
                called = null;
                unknown = false;
            } else if (frame.length == 0) {
                ending = true;
            } else {
                var method = PdkMethods.named(new String(frame, StandardCharsets.US_ASCII));
                called = method.orElse(null);
                unknown = method.isEmpty();
            }
        }
    }

    @Test
    void bytesThatAreNotUtf8AreKept() throws Exception {
        var bytes = HexFormat.of().parseHex("0a04636166e9");

        assertThat(WireTypes.STRING.decode(bytes)).isEqualTo("caf\uDCE9");
        assertThat(WireTypes.VALUE.decode(HexFormat.of().parseHex("1a04636166e9")))
                .isEqualTo(new Value.Text("caf\uDCE9"));
    }
}
