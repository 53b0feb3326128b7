// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code google.protobuf.Struct}: a Lua table with string keys, in no particular order. */
@ProtoName("google.protobuf.Struct")
public record Struct(@Field(1) Map<String, Value> fields) implements Value {
    public static final Struct EMPTY = new Struct(Map.of());

    public Struct {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /**
     * @throws IllegalArgumentException for a key that is not a string, or a value that Kong has no
     *     form of
     */
    public static Struct of(Map<?, ?> map) {
        var fields = new LinkedHashMap<String, Value>();
        map.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("a table sent to Kong has string keys only");
            }
            fields.put(name, Value.of(value));
        });
        return new Struct(fields);
    }
}
