// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Between Kong's values and Java's; refuses what would end the request or not arrive. */
final class Forms {
    private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+");
    private static final Pattern LINE_BREAK = Pattern.compile("[\\r\\n\\x00]");

    private Forms() {}

    /** Kong does not tell an empty string from none. */
    static Optional<String> text(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    static Optional<Object> java(Value value) {
        return Optional.ofNullable(value.toJava());
    }

    static Value transportable(Object java) {
        var value = Value.of(java);
        requireTransportable(value);
        return value;
    }

    private static void requireTransportable(Value value) {
        switch (value) {
            case Value.Nil _ -> throw new IllegalArgumentException("null does not reach Kong");
            case Value.Flag(var set) -> {
                if (!set) {
                    throw new IllegalArgumentException(
                            "false does not reach Kong; use a string or a number");
                }
            }
            case Struct(var fields) -> fields.values().forEach(Forms::requireTransportable);
            case ListValue(var values) -> values.forEach(Forms::requireTransportable);
            case Value.Text _, Value.Num _ -> {}
        }
    }

    static String headerName(String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("not a header name");
        }
        return name;
    }

    static Kv header(String name, String value) {
        return new Kv(headerName(name), headerValue(value));
    }

    static Struct headers(Map<String, List<String>> headers) {
        var fields = new LinkedHashMap<String, Value>();
        headers.forEach((name, values) -> {
            var checked = values.stream().map(Forms::headerValue).toList();
            fields.put(
                    headerName(name),
                    checked.size() == 1 ? checked.getFirst() : new ListValue(checked));
        });
        return new Struct(fields);
    }

    private static Value headerValue(String value) {
        if (LINE_BREAK.matcher(value).find()) {
            throw new IllegalArgumentException("a header value has no line breaks");
        }
        return new Value.Text(value);
    }

    /**
     * @param limit how many Kong sends at most; it does not say when it left some out
     */
    static Kong.Headers headers(Struct table, int limit) {
        var headers = new LinkedHashMap<String, List<String>>();
        int count = 0;
        for (var field : table.fields().entrySet()) {
            var values = texts(field.getValue());
            count += values.size();
            headers.put(field.getKey(), values);
        }
        return new Kong.Headers(Collections.unmodifiableMap(headers), count >= limit);
    }

    private static List<String> texts(Value value) {
        return switch (value) {
            case Value.Text(var text) -> List.of(text);
            case ListValue(var values) -> values.stream().flatMap(v -> texts(v).stream()).toList();
            case Value.Num(var number) -> List.of(String.valueOf(number));
            case Value.Flag(var set) -> List.of(String.valueOf(set));
            case Value.Nil _, Struct _ -> List.of();
        };
    }
}
