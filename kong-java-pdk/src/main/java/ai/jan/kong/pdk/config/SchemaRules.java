// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules by which Kong judges a plugin's schema (contract 6). A schema that breaks one keeps the
 * whole gateway from starting, so it is found out when the schema is made.
 */
final class SchemaRules {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /** Kong writes these into the configuration itself. */
    private static final Set<String> RESERVED =
            Set.of("route_id", "service_id", "consumer_id", "plugin_instance_name");

    private static final Set<String> PROTOCOLS =
            Set.of("grpc", "grpcs", "http", "https", "tcp", "tls", "udp", "tls_passthrough");
    private static final Set<String> COMMON = Set.of("type", "required", "default", "description");
    private static final Set<String> TEXT =
            Set.of("one_of", "len_min", "len_max", "match", "referenceable", "encrypted");
    private static final Set<String> NUMBER = Set.of("one_of", "between");

    private static final Map<String, Set<String>> ATTRIBUTES =
            Map.of(
                    "string", TEXT,
                    "number", NUMBER,
                    "integer", NUMBER,
                    "boolean", Set.of(),
                    "array", Set.of("elements", "len_min", "len_max"),
                    "set", Set.of("elements", "len_min", "len_max"),
                    "map", Set.of("keys", "values", "len_min", "len_max"),
                    "record", Set.of("fields"),
                    "foreign", Set.of("reference", "eq"));

    private final List<String> problems = new ArrayList<>();

    private SchemaRules() {}

    /**
     * @throws IllegalArgumentException with all problems
     */
    static void check(JsonNode schema) {
        var rules = new SchemaRules();
        rules.fields("", schema.path("fields"));
        if (!rules.problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "Kong would refuse the schema of "
                            + schema.path("name").asText()
                            + ": "
                            + String.join("; ", rules.problems));
        }
    }

    private void fields(String path, JsonNode fields) {
        var seen = new HashSet<String>();
        for (var field : fields) {
            for (var entry : field.properties()) {
                var name = entry.getKey();
                var fieldPath = path.isEmpty() ? name : path + "." + name;
                require(NAME.matcher(name).matches(), fieldPath, "not a field name");
                require(seen.add(name), fieldPath, "there are two of that name");
                require(
                        !path.equals("config") || !RESERVED.contains(name),
                        fieldPath,
                        "Kong uses that name itself");
                definition(fieldPath, entry.getValue());
            }
        }
    }

    private void definition(String path, JsonNode field) {
        var type = field.path("type").asText();
        var allowed = ATTRIBUTES.get(type);
        if (allowed == null) {
            problems.add(path + ": no type '" + type + "'");
            return;
        }
        for (var attribute : field.properties()) {
            var name = attribute.getKey();
            require(
                    COMMON.contains(name) || allowed.contains(name),
                    path,
                    "field of type '" + type + "' cannot have attribute '" + name + "'");
        }
        int description = field.path("description").asText("long enough").length();
        require(description >= 10 && description <= 500, path, "description of 10 to 500 letters");
        bounds(path, field);
        for (var inside : List.of("elements", "keys", "values")) {
            if (field.has(inside)) {
                definition(path + "." + inside, field.get(inside));
            }
        }
        fields(path, field.path("fields"));
        if (field.has("default")) {
            value(path, field, field.get("default"));
        }
        if (path.equals("protocols")) {
            field.path("default")
                    .forEach(protocol ->
                            require(
                                    PROTOCOLS.contains(protocol.asText()),
                                    path,
                                    "no protocol " + protocol.asText()));
        }
    }

    private void bounds(String path, JsonNode field) {
        var between = field.path("between");
        require(
                between.isMissingNode() || between.path(0).asDouble() <= between.path(1).asDouble(),
                path,
                "between has its bounds the wrong way round");
        require(
                field.path("len_min").asInt(0) <= field.path("len_max").asInt(Integer.MAX_VALUE),
                path,
                "len_min is above len_max");
        require(
                !field.has("one_of") || !field.get("one_of").isEmpty(),
                path,
                "one_of without values");
    }

    /** Whether a default would itself be accepted. */
    private void value(String path, JsonNode field, JsonNode value) {
        var type = field.path("type").asText();
        switch (type) {
            case "array", "set" -> {
                length(path, field, value.size(), 0);
                value.forEach(item -> value(path, field.path("elements"), item));
            }
            case "string" -> length(path, field, value.asText().length(), 1);
            default -> {}
        }
        var between = field.path("between");
        require(
                between.isMissingNode()
                        || (value.asDouble() >= between.path(0).asDouble()
                                && value.asDouble() <= between.path(1).asDouble()),
                path,
                "the default is not between its bounds");
        require(
                !field.has("one_of") || contains(field.get("one_of"), value),
                path,
                "the default is not one of the values");
    }

    private void length(String path, JsonNode field, int length, int implied) {
        require(
                length >= field.path("len_min").asInt(implied)
                        && length <= field.path("len_max").asInt(Integer.MAX_VALUE),
                path,
                "the default is too short or too long");
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (var one : values) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private void require(boolean holds, String path, String rule) {
        if (!holds) {
            problems.add(path + ": " + rule);
        }
    }
}
