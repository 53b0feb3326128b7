// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.ArrayList;
import java.util.List;

/** {@code google.protobuf.ListValue}: a Lua table with consecutive integer keys. */
@ProtoName("google.protobuf.ListValue")
public record ListValue(@Field(1) List<Value> values) implements Value {
    public ListValue {
        values = List.copyOf(values);
    }

    /**
     * @throws IllegalArgumentException for an element that Kong has no form of
     */
    public static ListValue of(Iterable<?> items) {
        var values = new ArrayList<Value>();
        items.forEach(item -> values.add(Value.of(item)));
        return new ListValue(values);
    }
}
