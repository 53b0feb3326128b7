// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.testkit.LuaError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** What becomes of values of any type on their way into Kong's Lua and back (contract 2.11). */
final class LuaValues {
    private LuaValues() {}

    /** A value that a plugin sent: false is nil, and a nil in a table is a hole. */
    static Value received(Value value) {
        return switch (value) {
            case Value.Flag(var set) -> set ? value : Value.nil();
            case Struct(var fields) -> {
                var kept = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) -> {
                    if (!isNil(received(field))) {
                        kept.put(name, received(field));
                    }
                });
                yield new Struct(kept);
            }
            case ListValue(var values) ->
                    new ListValue(values.stream().map(LuaValues::received).toList());
            case Value.Nil _, Value.Num _, Value.Text _ -> value;
        };
    }

    /**
     * A value that Kong sends: a list ends at its first hole, and an empty one is an empty table.
     *
     * @throws LuaError for a table that begins with a hole: its keys are numbers
     */
    static Value sent(Value value) throws LuaError {
        return switch (value) {
            case Struct(var fields) -> {
                var sent = new LinkedHashMap<String, Value>();
                for (var field : fields.entrySet()) {
                    sent.put(field.getKey(), sent(field.getValue()));
                }
                yield new Struct(sent);
            }
            case ListValue(var values) -> list(values);
            case Value.Nil _, Value.Num _, Value.Text _, Value.Flag _ -> value;
        };
    }

    private static Value list(List<Value> values) throws LuaError {
        var kept = new ArrayList<Value>();
        for (var value : values) {
            if (isNil(value)) {
                break;
            }
            kept.add(sent(value));
        }
        if (kept.isEmpty() && values.stream().anyMatch(value -> !isNil(value))) {
            throw new LuaError("a table with keys that are no strings");
        }
        return kept.isEmpty() ? Struct.EMPTY : new ListValue(kept);
    }

    private static boolean isNil(Value value) {
        return value instanceof Value.Nil;
    }
}
