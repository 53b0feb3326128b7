// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An answer of Kong in a form in which two of them can be compared. */
final class Decoded {
    private Decoded() {}

    /** All that matters of an answer. */
    static String exact(PdkMethod<?, ?> method, byte[] reply) throws Exception {
        if (reply.length == 0) {
            return "nothing";
        }
        var result = method.result().decode(reply);
        var text = result instanceof Value value ? text(value) : String.valueOf(result);
        return stable(text);
    }

    /** What differs from one Kong to the next: versions, times of loading, generated ids. */
    private static String stable(String text) {
        return text.replaceAll("kong/3\\.[0-9.]+", "kong/<version>")
                .replaceAll("(updatedAt|updated_at)=[0-9.E]+", "$1=<time>")
                .replaceAll("ws_id=[0-9a-f-]+", "ws_id=<uuid>");
    }

    /** Fields in the order of their names. */
    private static String text(Value value) {
        return switch (value) {
            case Struct(var fields) ->
                    new TreeMap<>(fields)
                            .entrySet().stream()
                                    .map(field -> field.getKey() + "=" + text(field.getValue()))
                                    .collect(Collectors.joining(", ", "{", "}"));
            case ListValue(var values) ->
                    values.stream().map(Decoded::text).collect(Collectors.joining(", ", "[", "]"));
            case Value.Text(var text) -> text;
            case Value.Num(var number) -> String.valueOf(number);
            case Value.Flag(var set) -> String.valueOf(set);
            case Value.Nil _ -> "nil";
        };
    }

    /** Of what kind an answer is, where its bytes change from run to run. */
    static String shape(PdkMethod<?, ?> method, byte[] reply) throws Exception {
        if (reply.length == 0) {
            return "nothing";
        }
        var result = method.result().decode(reply);
        if (method == PdkMethods.LOG_SERIALIZE) {
            return shape((String) result);
        }
        return switch (result) {
            case Struct(var fields) -> String.valueOf(new TreeMap<>(fields).keySet());
            case Value value -> value.getClass().getSimpleName();
            default -> result.getClass().getSimpleName();
        };
    }

    private static String shape(String json) throws JsonProcessingException {
        return shape(Golden.MAPPER.readTree(json), "");
    }

    /**
     * Names and kinds, but of headers, whose values change, and of tries, only that they are there.
     */
    private static String shape(JsonNode node, String name) {
        if (node.isObject() && !name.equals("tries")) {
            var fields = new TreeMap<String, String>();
            node.properties()
                    .forEach(field ->
                            fields.put(field.getKey(), shape(field.getValue(), field.getKey())));
            return fields.toString();
        }
        return node.getNodeType().toString();
    }
}
