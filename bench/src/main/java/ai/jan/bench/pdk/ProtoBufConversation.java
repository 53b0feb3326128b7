// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.wire.WireException;
import ai.jan.kong.pdk.wire.WireTypes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** {@code ProtoBuf:1}: Go's and ours. */
final class ProtoBufConversation implements Conversation {
    /** A call as it is on the wire. */
    private static final class Step {
        private final byte[] method;
        private final byte[] argument;
        private final ByteBuffer answer;

        Step(Script.Call<?, ?> call) {
            this.method = call.name();
            this.argument = call.encodedArgument();
            this.answer = frame(call.encodedResult());
        }
    }

    /** What the next frame is. */
    private enum Expected {
        METHOD,
        ARGUMENT,
        RETURN
    }

    private final String plugin;
    private final Script script;
    private final List<Step> steps;
    private Expected expected = Expected.RETURN;
    private int position;
    private long sequence = 1;
    private int instance;
    private boolean starting;

    ProtoBufConversation(String plugin, Script script) {
        this.plugin = plugin;
        this.script = script;
        this.steps = script.calls().stream().map(Step::new).toList();
    }

    @Override
    public void startInstance(Out out) throws IOException {
        starting = true;
        expected = Expected.RETURN;
        send(new CmdStartInstance(plugin, Bytes.utf8(script.config())), out);
    }

    @Override
    public void startEvent(Out out) throws IOException {
        starting = false;
        position = 0;
        expected = Expected.METHOD;
        send(new CmdHandleEvent(instance, "access"), out);
    }

    private void send(Command command, Out out) throws IOException {
        out.send(frame(WireTypes.RPC_CALL.encode(RpcCall.of(++sequence, command))));
    }

    @Override
    public boolean advance(ByteBuffer in, Out out) throws IOException {
        while (in.remaining() >= 4) {
            int length = Integer.reverseBytes(in.getInt(in.position()));
            if (in.remaining() - 4 < length) {
                return false;
            }
            var frame = new byte[length];
            in.position(in.position() + 4).get(frame);
            if (take(frame, out)) {
                return true;
            }
        }
        return false;
    }

    private boolean take(byte[] frame, Out out) throws IOException {
        switch (expected) {
            case METHOD -> {
                if (frame.length == 0 && position == steps.size()) {
                    expected = Expected.RETURN;
                } else {
                    require(position < steps.size(), "another call", frame);
                    require(Arrays.equals(frame, steps.get(position).method), "method", frame);
                    expected = Expected.ARGUMENT;
                }
            }
            case ARGUMENT -> {
                var step = steps.get(position++);
                require(Arrays.equals(frame, step.argument), "argument", frame);
                out.send(step.answer.rewind());
                expected = Expected.METHOD;
            }
            case RETURN -> {
                finish(frame);
                return true;
            }
        }
        return false;
    }

    private void finish(byte[] frame) throws IOException {
        var answer = WireTypes.RPC_RETURN.decode(frame);
        require(answer.sequence() == sequence, "sequence", frame);
        if (starting) {
            var status = answer.instanceStatus();
            if (status == null) {
                throw new WireException("no instance was started");
            }
            instance = status.instanceId();
        }
    }

    private void require(boolean expectation, String what, byte[] frame) throws WireException {
        if (!expectation) {
            throw new WireException(
                    "call "
                            + position
                            + ", unexpected "
                            + what
                            + ": "
                            + new String(frame, StandardCharsets.ISO_8859_1));
        }
    }

    private static ByteBuffer frame(byte[] payload) {
        return ByteBuffer.allocateDirect(4 + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(payload.length)
                .put(payload)
                .flip();
    }
}
