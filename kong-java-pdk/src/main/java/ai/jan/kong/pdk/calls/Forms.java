// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Entity;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Between Kong's values and Java's; refuses what would end the request or not arrive. */
final class Forms {
    /** As many as Kong gives at all; its own default of 100 leaves some out without a sign. */
    static final int LIMIT = 1000;

    private static final int LIMIT_IN_LOG = 100;

    /** What a header's name may have besides letters and digits (RFC 9110, 5.6.2). */
    private static final String TOKEN = "-!#$%&'*+.^_`|~";

    private Forms() {}

    /** Kong does not tell an empty string from none. */
    static Optional<String> text(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    static Optional<Object> java(Value value) {
        return Optional.ofNullable(value.toJava());
    }

    /** An entity, unless Kong sent an empty one for none. */
    static <T> Optional<T> present(T entity, String id) {
        return id.isEmpty() ? Optional.empty() : Optional.of(entity);
    }

    /** An entity with all its fields. */
    static Answer<Optional<Entity>> entity(Calls calls, String key) {
        return calls.ask(
                PdkMethods.NGINX_GET_CTX,
                key,
                value ->
                        value instanceof Struct table && !table.fields().isEmpty()
                                ? Optional.of(Entity.of(table))
                                : Optional.empty());
    }

    static Value transportable(PdkMethod<?, ?> method, @Nullable Object java) {
        try {
            var value = Value.of(java);
            requireTransportable(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(method + ": " + e.getMessage(), e);
        }
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

    static String headerName(PdkMethod<?, ?> method, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isToken(name.charAt(i))) {
                throw new IllegalArgumentException(method + ": not a header name");
            }
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException(method + ": a header needs a name");
        }
        return name;
    }

    private static boolean isToken(char next) {
        return next < 128 && (Character.isLetterOrDigit(next) || TOKEN.indexOf(next) >= 0);
    }

    static Kv header(PdkMethod<?, ?> method, String name, String value) {
        return new Kv(headerName(method, name), headerValue(method, value));
    }

    static Struct headers(PdkMethod<?, ?> method, Map<String, List<String>> headers) {
        var fields = new LinkedHashMap<String, Value>();
        headers.forEach((name, values) -> {
            var checked = values.stream().map(value -> headerValue(method, value)).toList();
            fields.put(
                    headerName(method, name),
                    checked.size() == 1 ? checked.getFirst() : new ListValue(checked));
        });
        return new Struct(fields);
    }

    private static Value headerValue(PdkMethod<?, ?> method, String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(method + ": a header value has no line breaks");
        }
        return new Value.Text(value);
    }

    /** In log, headers come from a snapshot, whatever is asked for. */
    static int headerLimit(Phase phase, int asked) {
        return phase == Phase.LOG ? LIMIT_IN_LOG : asked;
    }

    /**
     * @param limit how many Kong sends at most; it does not say when it left some out
     */
    static Kong.Headers headers(Struct table, int limit) {
        var values = lists(table, Forms::texts);
        return new Kong.Headers(values, count(values) >= limit);
    }

    /**
     * @param limit how many Kong sends at most; it does not say when it left some out
     */
    static Kong.Query query(Struct table, int limit) {
        var values = lists(table, Forms::arguments);
        return new Kong.Query(values, count(values) >= limit);
    }

    private static Map<String, List<String>> lists(
            Struct table, Function<Value, List<String>> form) {
        var lists = new LinkedHashMap<String, List<String>>();
        table.fields().forEach((name, value) -> lists.put(name, form.apply(value)));
        return Collections.unmodifiableMap(lists);
    }

    private static int count(Map<String, List<String>> lists) {
        return lists.values().stream().mapToInt(List::size).sum();
    }

    /** An argument without a value is true in Kong. */
    private static List<String> arguments(Value value) {
        return switch (value) {
            case Value.Flag _ -> List.of("");
            case ListValue(var values) ->
                    values.stream().flatMap(v -> arguments(v).stream()).toList();
            case Value.Text _, Value.Num _, Value.Nil _, Struct _ -> texts(value);
        };
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
