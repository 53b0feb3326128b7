// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says of a plugin's configuration what Kong would say of it, so that an author can try a schema
 * without a gateway. Vault references are taken for whatever they stand for. Immutable.
 */
public final class ConfigCheck {
    private static final String REFERENCE = "{vault://";

    private final JsonNode schema;

    /**
     * @param schema as in a dump: {@code {"name":…,"fields":[…]}}
     * @throws IllegalArgumentException with everything for which Kong would refuse to start
     */
    public ConfigCheck(JsonNode schema) {
        SchemaRules.check(schema);
        this.schema = schema.deepCopy();
    }

    /**
     * Judges a plugin's configuration.
     *
     * @param plugin as in {@code kong.yml}: an object with {@code config}, maybe {@code protocols}
     * @return Kong's messages, in the form of the fields they belong to; empty if it takes it
     */
    public ObjectNode problems(JsonNode plugin) {
        var problems = ConfigType.JSON.objectNode();
        for (var field : schema.path("fields")) {
            var name = field.fieldNames().next();
            var definition = field.get(name);
            if (!definition.path("type").asText().equals("foreign")) {
                value(definition, plugin.get(name))
                        .ifPresent(problem -> problems.set(name, problem));
            } else if (plugin.hasNonNull(name)) {
                problems.put(name, "value must be null");
            }
        }
        return problems;
    }

    /** What is wrong with the value of a field, present or not. */
    static Optional<JsonNode> value(JsonNode definition, @Nullable JsonNode given) {
        var value = given == null || given.isNull() ? definition.path("default") : given;
        boolean present = !value.isMissingNode() && !value.isNull();
        var required = definition.path("required");
        if (definition.path("type").asText().equals("record")) {
            boolean optional = required.isBoolean() && !required.asBoolean();
            return present || !optional
                    ? record(definition, present ? value : ConfigType.JSON.objectNode())
                    : Optional.empty();
        }
        if (!present) {
            return required.asBoolean() ? message("required field missing") : Optional.empty();
        }
        return given(definition, value);
    }

    private static Optional<JsonNode> given(JsonNode definition, JsonNode value) {
        return switch (definition.path("type").asText()) {
            case "string" ->
                    definition.path("referenceable").asBoolean()
                                    && value.asText().startsWith(REFERENCE)
                            ? Optional.empty()
                            : single(definition, value, value.isTextual(), "a string");
            case "number" -> single(definition, value, value.isNumber(), "a number");
            case "integer" -> single(definition, value, isWhole(value), "an integer");
            case "boolean" -> single(definition, value, value.isBoolean(), "a boolean");
            case "array" -> elements(definition, value, "an array");
            case "set" -> elements(definition, value, "a set");
            case "map" -> map(definition, value);
            default -> throw new IllegalArgumentException("not a field: " + definition);
        };
    }

    private static Optional<JsonNode> single(
            JsonNode definition, JsonNode value, boolean fits, String expected) {
        return fits
                ? Constraints.violated(definition, value).flatMap(ConfigCheck::message)
                : message("expected " + expected);
    }

    private static boolean isWhole(JsonNode value) {
        return value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private static Optional<JsonNode> elements(
            JsonNode definition, JsonNode value, String expected) {
        if (!value.isArray()) {
            return message("expected " + expected);
        }
        var length = Constraints.length(definition, value.size(), 0);
        if (length.isPresent()) {
            return message(length.get());
        }
        var problems = ConfigType.JSON.arrayNode();
        boolean wrong = false;
        for (var element : value) {
            var problem = value(definition.path("elements"), element);
            problem.ifPresentOrElse(problems::add, problems::addNull);
            wrong |= problem.isPresent();
        }
        return wrong ? Optional.of(upToTheLastProblem(problems)) : Optional.empty();
    }

    /** Lua's tables end with the last value that is there. */
    private static JsonNode upToTheLastProblem(ArrayNode all) {
        while (all.get(all.size() - 1).isNull()) {
            all.remove(all.size() - 1);
        }
        return all;
    }

    /** Kong tells the first problem only, without saying of which entry. */
    private static Optional<JsonNode> map(JsonNode definition, JsonNode value) {
        if (value.isArray() && !value.isEmpty()) {
            return message("expected a string"); // an array's keys are numbers
        }
        if (!value.isContainerNode()) {
            return message("expected a map");
        }
        var length = Constraints.length(definition, value.size(), 0);
        if (length.isPresent()) {
            return message(length.get());
        }
        for (var entry : value.properties()) {
            var key = value(definition.path("keys"), TextNode.valueOf(entry.getKey()));
            var problem =
                    key.isPresent() ? key : value(definition.path("values"), entry.getValue());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> record(JsonNode definition, JsonNode value) {
        if (!value.isObject()) {
            return message("expected a record");
        }
        var problems = ConfigType.JSON.objectNode();
        var complete = ConfigType.JSON.objectNode();
        var known = new HashSet<String>();
        for (var field : definition.path("fields")) {
            var name = field.fieldNames().next();
            known.add(name);
            var given = value.get(name);
            value(field.get(name), given).ifPresent(problem -> problems.set(name, problem));
            var filled = given == null || given.isNull() ? field.get(name).get("default") : given;
            if (filled != null && !filled.isNull()) {
                complete.set(name, filled);
            }
        }
        value.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        problems.put(name, "unknown field");
                    }
                });
        definition
                .path("entity_checks")
                .forEach(check -> CrossChecks.apply(check, complete, problems));
        return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
    }

    private static Optional<JsonNode> message(String text) {
        return Optional.of(TextNode.valueOf(text));
    }
}
