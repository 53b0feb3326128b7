// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates one plugin's configuration by its Kong schema, fills in the defaults and resolves
 * references. Attributes of a schema that it does not know are problems, not ignored.
 */
final class Schema {
    private static final Set<String> SILENT = Set.of("description", "encrypted", "examples", "err");
    private static final Set<String> KNOWN =
            Set.of(
                    "type",
                    "required",
                    "default",
                    "one_of",
                    "between",
                    "gt",
                    "len_min",
                    "len_max",
                    "starts_with",
                    "is_regex",
                    "match",
                    "uuid",
                    "not_one_of",
                    "ip_or_cidr", // ours: Kong has a function there
                    "elements",
                    "keys",
                    "values",
                    "fields",
                    "entity_checks",
                    "referenceable");

    private final Problems problems;
    private final Vault vault;
    private final Map<String, String> references = new LinkedHashMap<>();

    Schema(Problems problems, Vault vault) {
        this.problems = problems;
        this.vault = vault;
    }

    /** The references that were resolved, by the field's path below {@code config}. */
    Map<String, String> references() {
        return references;
    }

    /**
     * The complete value of a record.
     *
     * @param where path of the record, for problems
     * @param definition a field definition of type record
     * @param value what was configured; null if nothing was
     */
    ObjectNode record(String where, JsonNode definition, @Nullable JsonNode value) {
        var complete = Json.object();
        if (value != null && !value.isNull() && !value.isObject()) {
            problems.add(where, "expected a record");
            return complete;
        }
        var given = value == null || value.isNull() ? Json.object() : value;
        var names = new HashSet<String>();
        for (var field : definition.path("fields")) {
            var name = field.fieldNames().next();
            names.add(name);
            var result = field(where + "." + name, field.get(name), given.get(name));
            if (result != null) {
                complete.set(name, result);
            }
        }
        given.fieldNames()
                .forEachRemaining(name -> {
                    if (!names.contains(name)) {
                        problems.add(where + "." + name, "unknown field");
                    }
                });
        for (var check : definition.path("entity_checks")) {
            EntityCheck.of(check).apply(where, complete, problems);
        }
        return complete;
    }

    private @Nullable JsonNode field(
            String where, JsonNode definition, @Nullable JsonNode configured) {
        checkAttributes(where, definition);
        var value = configured == null || configured.isNull() ? null : configured;
        if (value == null && definition.hasNonNull("default")) {
            value = definition.get("default").deepCopy();
        }
        var type = definition.path("type").asText();
        if (type.equals("record")) {
            boolean absent = value == null && isFalse(definition.path("required"));
            return absent ? null : record(where, definition, value);
        }
        if (value == null) {
            if (definition.path("required").asBoolean()) {
                problems.add(where, "required field missing");
            }
            return null;
        }
        return switch (type) {
            case "string" -> string(where, definition, value);
            case "number", "integer" -> number(where, definition, value, type);
            case "boolean" -> expect(where, value, value.isBoolean(), "a boolean");
            case "array" -> elements(where, definition, value, false);
            case "set" -> elements(where, definition, value, true);
            case "map" -> map(where, definition, value);
            default -> {
                problems.add(where, "the stand-in does not support schema type '" + type + "'");
                yield null;
            }
        };
    }

    private static boolean isFalse(JsonNode flag) {
        return flag.isBoolean() && !flag.booleanValue();
    }

    private void checkAttributes(String where, JsonNode definition) {
        definition
                .fieldNames()
                .forEachRemaining(attribute -> {
                    if (!KNOWN.contains(attribute) && !SILENT.contains(attribute)) {
                        problems.add(
                                where,
                                "the stand-in does not support schema attribute '"
                                        + attribute
                                        + "'");
                    }
                });
    }

    private @Nullable JsonNode expect(String where, JsonNode value, boolean fits, String what) {
        if (!fits) {
            problems.add(where, "expected " + what);
            return null;
        }
        return value;
    }

    private @Nullable JsonNode string(String where, JsonNode definition, JsonNode value) {
        if (expect(where, value, value.isTextual(), "a string") == null) {
            return null;
        }
        var text = value.textValue();
        if (definition.path("referenceable").asBoolean() && Vault.isReference(text)) {
            references.put(where.substring(where.indexOf("config.") + 7), text);
            return TextNode.valueOf(vault.resolve(where, text));
        }
        checkOneOf(where, definition, value);
        checkLength(where, definition, text.length(), 1);
        var start = definition.path("starts_with").asText("");
        if (!text.startsWith(start)) {
            problems.add(where, "should start with: " + start);
        }
        if (definition.path("uuid").asBoolean() && !Entities.isUuid(text)) {
            problems.add(where, "expected a valid UUID");
        }
        checkMatch(where, definition, text);
        if (definition.path("is_regex").asBoolean() && !Regexes.valid(text)) {
            problems.add(where, "'" + text + "' is not a valid regex");
        }
        if (definition.path("ip_or_cidr").asBoolean() && !TrustedIps.valid(text)) {
            problems.add(where, "invalid ip or cidr range: '" + text + "'");
        }
        return value;
    }

    private void checkMatch(String where, JsonNode definition, String text) {
        if (!definition.has("match")) {
            return;
        }
        var match = definition.get("match").asText();
        LuaPattern.compile(match)
                .ifPresentOrElse(
                        pattern -> {
                            if (!pattern.matcher(text).find()) {
                                problems.add(where, "invalid value: " + text);
                            }
                        },
                        () ->
                                problems.add(
                                        where,
                                        "the stand-in does not support the pattern " + match));
    }

    private @Nullable JsonNode number(
            String where, JsonNode definition, JsonNode value, String type) {
        boolean integer = type.equals("integer");
        boolean fits =
                value.isNumber()
                        && (!integer || value.doubleValue() == Math.rint(value.doubleValue()));
        if (expect(where, value, fits, integer ? "an integer" : "a number") == null) {
            return null;
        }
        checkOneOf(where, definition, value);
        var between = definition.path("between");
        if (between.isArray()
                && (value.doubleValue() < between.get(0).doubleValue()
                        || value.doubleValue() > between.get(1).doubleValue())) {
            problems.add(
                    where, "value should be between " + between.get(0) + " and " + between.get(1));
        }
        var above = definition.path("gt");
        if (above.isNumber() && value.doubleValue() <= above.doubleValue()) {
            problems.add(where, "value must be greater than " + above);
        }
        return value;
    }

    private void checkOneOf(String where, JsonNode definition, JsonNode value) {
        for (var forbidden : definition.path("not_one_of")) {
            if (forbidden.equals(value)) {
                problems.add(where, "must not be one of: " + texts(definition.path("not_one_of")));
            }
        }
        var allowed = definition.path("one_of");
        if (!allowed.isArray()) {
            return;
        }
        for (var candidate : allowed) {
            if (candidate.equals(value)) {
                return;
            }
        }
        problems.add(where, "expected one of: " + texts(allowed));
    }

    private static String texts(JsonNode values) {
        var texts = new ArrayList<String>();
        values.forEach(value -> texts.add(value.asText()));
        return String.join(", ", texts);
    }

    private void checkLength(String where, JsonNode definition, int length, int least) {
        int min = definition.path("len_min").asInt(least);
        int max = definition.path("len_max").asInt(Integer.MAX_VALUE);
        if (length < min) {
            problems.add(where, "length must be at least " + min);
        } else if (length > max) {
            problems.add(where, "length must be at most " + max);
        }
    }

    private @Nullable ArrayNode elements(
            String where, JsonNode definition, JsonNode value, boolean distinct) {
        if (expect(where, value, value.isArray(), distinct ? "a set" : "an array") == null) {
            return null;
        }
        checkLength(where, definition, value.size(), 0);
        List<JsonNode> results = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            var result = field(where + "[" + i + "]", definition.path("elements"), value.get(i));
            if (result != null && !(distinct && results.contains(result))) {
                results.add(result);
            }
        }
        return Json.array().addAll(results);
    }

    private @Nullable ObjectNode map(String where, JsonNode definition, JsonNode value) {
        if (expect(where, value, value.isObject(), "a map") == null) {
            return null;
        }
        checkLength(where, definition, value.size(), 0);
        var results = Json.object();
        for (var entry : value.properties()) {
            field(
                    where + "." + entry.getKey(),
                    definition.path("keys"),
                    TextNode.valueOf(entry.getKey()));
            var result =
                    field(
                            where + "." + entry.getKey(),
                            definition.path("values"),
                            entry.getValue());
            if (result != null) {
                results.set(entry.getKey(), result);
            }
        }
        return results;
    }
}
