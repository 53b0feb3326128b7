// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import ai.jan.kong.pdk.message.Struct;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A route, service, consumer or credential with all the fields that Kong keeps of it, also those
 * that the protocol's own messages lack: a route's {@code headers}, {@code sources} and {@code
 * expression}, a credential's {@code consumer}.
 *
 * @param fields by Kong's names; a value is a String, a Double, a Boolean, a Map or a List. Empty
 *     lists are empty maps; what Kong has no value for is left out
 */
public record Entity(Map<String, Object> fields) {
    public Entity {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The entity that a table is. */
    public static Entity of(Struct table) {
        var fields = new LinkedHashMap<String, Object>();
        table.fields()
                .forEach((name, value) -> {
                    var java = value.toJava();
                    if (java != null) {
                        fields.put(name, java);
                    }
                });
        return new Entity(fields);
    }

    /** A field that is text. */
    public Optional<String> text(String field) {
        return fields.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A field that is a number. */
    public OptionalDouble number(String field) {
        return fields.get(field) instanceof Double number
                ? OptionalDouble.of(number)
                : OptionalDouble.empty();
    }

    /** A field that is a list of texts; empty if there is none. */
    public List<String> texts(String field) {
        return fields.get(field) instanceof List<?> list
                ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
                : List.of();
    }

    /** An entity that a field refers to, of which Kong keeps at least the {@code id}. */
    public Optional<Entity> entity(String field) {
        return fields.get(field) instanceof Map<?, ?> map
                ? Optional.of(of(Struct.of(map)))
                : Optional.empty();
    }
}
