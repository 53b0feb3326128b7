// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fills in what a configuration leaves out, as Kong does before a plugin gets it. */
public final class KongDefaults {
    private KongDefaults() {}

    /**
     * @param schema of a plugin, as it is dumped
     * @param config as in {@code kong.yml}; it is not changed
     */
    public static ObjectNode fill(ObjectNode schema, JsonNode config) {
        for (var field : schema.path("fields")) {
            if (field.has("config")) {
                return (ObjectNode) value(field.get("config"), config);
            }
        }
        throw new IllegalArgumentException("the schema has no config");
    }

    private static JsonNode value(JsonNode definition, JsonNode given) {
        return switch (definition.path("type").asText()) {
            case "record" -> record(definition, given);
            case "array", "set" -> {
                ArrayNode items = JsonNodeFactory.instance.arrayNode();
                given.forEach(item -> items.add(value(definition.path("elements"), item)));
                yield items;
            }
            case "map" -> {
                var map = JsonNodeFactory.instance.objectNode();
                given.properties()
                        .forEach(entry ->
                                map.set(
                                        entry.getKey(),
                                        value(definition.path("values"), entry.getValue())));
                yield map;
            }
            default -> given;
        };
    }

    private static ObjectNode record(JsonNode definition, JsonNode given) {
        var complete = JsonNodeFactory.instance.objectNode();
        for (var field : definition.path("fields")) {
            var name = field.fieldNames().next();
            var inner = field.get(name);
            if (given.hasNonNull(name)) {
                complete.set(name, value(inner, given.get(name)));
            } else if (inner.has("default")) {
                complete.set(name, inner.get("default"));
            } else if (inner.path("type").asText().equals("record")
                    && inner.path("required").asBoolean(true)) {
                complete.set(name, record(inner, JsonNodeFactory.instance.objectNode()));
            }
        }
        return complete;
    }
}
