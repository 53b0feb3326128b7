// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code google.protobuf.Value}: a value without a fixed type, as in {@code kong.ctx.shared}.
 *
 * <p>Kong loses some of them on the way (contract 2.11): a {@code false} sent to Kong arrives as
 * nil, an empty list that Kong sends arrives as an empty {@link Struct}, and the hash part of a
 * mixed Lua table is dropped.
 */
public sealed interface Value
        permits Value.Nil, Value.Num, Value.Text, Value.Flag, Struct, ListValue {
    /** Nothing: Lua's nil. */
    enum Nil implements Value {
        NIL
    }

    record Num(double number) implements Value {}

    record Text(String text) implements Value {}

    record Flag(boolean set) implements Value {}

    /** No value. */
    static Value nil() {
        return Nil.NIL;
    }

    /**
     * The value of a Java object: null, a string, a number, a boolean, or a map or a collection of
     * such.
     *
     * @throws IllegalArgumentException for anything else
     */
    static Value of(@Nullable Object java) {
        return switch (java) {
            case null -> nil();
            case Value value -> value;
            case String text -> new Text(text);
            case Number number -> new Num(number.doubleValue());
            case Boolean flag -> new Flag(flag);
            case Map<?, ?> map -> Struct.of(map);
            case Iterable<?> items -> ListValue.of(items);
            default ->
                    throw new IllegalArgumentException(
                            "Kong has no value for a " + java.getClass().getName());
        };
    }

    /** The Java object: null, String, Double, Boolean, Map or List. */
    default @Nullable Object toJava() {
        return switch (this) {
            case Nil _ -> null;
            case Num(var number) -> number;
            case Text(var text) -> text;
            case Flag(var set) -> set;
            case Struct(var fields) -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                fields.forEach((key, value) -> map.put(key, value.toJava()));
                yield map;
            }
            case ListValue(var values) -> {
                var list = new ArrayList<@Nullable Object>(values.size());
                values.forEach(value -> list.add(value.toJava()));
                yield list;
            }
        };
    }
}
