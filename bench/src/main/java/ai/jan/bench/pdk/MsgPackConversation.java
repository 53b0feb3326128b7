// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code MsgPack:1}: Python's. Each answer of ours is a request of its own, {@code Step}. */
final class MsgPackConversation implements Conversation {
    private record Step(String method, List<Object> arguments, @Nullable Object answer) {}

    private static final String OVER = "ret";

    private final String plugin;
    private final Script script;
    private final List<Step> steps;
    private final ByteBuffer request = ByteBuffer.allocateDirect(4 * 1024);
    private int position;
    private int message;
    private long instance;
    private boolean starting;

    MsgPackConversation(String plugin, Script script) {
        this.plugin = plugin;
        this.script = script;
        this.steps =
                script.calls().stream()
                        .map(call ->
                                new Step(
                                        call.method().name(),
                                        arguments(call.argument()),
                                        call.result()))
                        .toList();
    }

    /** Over MessagePack, arguments go by position. */
    private static List<Object> arguments(@Nullable Object argument) {
        return switch (argument) {
            case Empty _ -> List.of();
            case String text -> List.of(text);
            case Kv(var name, Value.Text(var text)) -> List.of(name, text);
            case null, default -> throw new IllegalArgumentException("not in a script yet");
        };
    }

    @Override
    public void startInstance(Out out) throws IOException {
        starting = true;
        send("plugin.StartInstance", Map.of("Name", plugin, "Config", script.config()), out);
    }

    @Override
    public void startEvent(Out out) throws IOException {
        starting = false;
        position = 0;
        send("plugin.HandleEvent", Map.of("InstanceId", instance, "EventName", "access"), out);
    }

    private void send(String method, Map<String, ?> argument, Out out) throws IOException {
        MsgPack.write(request.clear(), List.of(0, ++message, method, List.of(argument)));
        out.send(request.flip());
    }

    @Override
    public boolean advance(ByteBuffer in, Out out) throws IOException {
        while (in.hasRemaining()) {
            var next = MsgPack.read(in);
            if (next.isEmpty()) {
                return false;
            }
            if (take(result(next.get()), out)) {
                return true;
            }
        }
        return false;
    }

    private Map<?, ?> result(Object answer) throws IOException {
        if (answer instanceof List<?> list
                && list.size() == 4
                && list.get(1) instanceof Long id
                && id == message
                && list.get(3) instanceof Map<?, ?> result) {
            return result;
        }
        throw new IOException("call " + position + " was answered with " + answer);
    }

    private boolean take(Map<?, ?> result, Out out) throws IOException {
        if (starting) {
            instance = number(result, "Id");
            return true;
        }
        var data = result.get("Data");
        if (OVER.equals(data) && position == steps.size()) {
            return true;
        }
        var step = position < steps.size() ? steps.get(position) : null;
        if (step == null
                || !(data instanceof Map<?, ?> call)
                || !step.method().equals(call.get("Method"))
                || !step.arguments().equals(call.get("Args"))) {
            throw new IOException("call " + position + " is unexpectedly " + data);
        }
        position++;
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("EventId", number(result, "EventId"));
        answer.put("Data", step.answer());
        send("plugin.Step", answer, out);
        return false;
    }

    private static long number(Map<?, ?> result, String key) throws IOException {
        if (result.get(key) instanceof Long number) {
            return number;
        }
        throw new IOException("no " + key + " in " + result);
    }
}
