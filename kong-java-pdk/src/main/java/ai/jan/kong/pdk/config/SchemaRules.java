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
    private static final Set<String> COMMON =
            Set.of("type", "required", "default", "description", "err", "examples", "deprecation");

    private static final Map<String, Set<String>> ATTRIBUTES =
            Map.of(
                    "string",
                            words(
                                    "one_of not_one_of eq ne len_eq len_min len_max match starts_with"
                                            + " is_regex uuid referenceable encrypted"),
                    "number", words("one_of not_one_of eq ne gt between"),
                    "integer", words("one_of not_one_of eq ne gt between"),
                    "boolean", words("eq ne"),
                    "array", words("elements len_eq len_min len_max"),
                    "set", words("elements len_eq len_min len_max"),
                    "map", words("keys values len_eq len_min len_max"),
                    "record", words("fields entity_checks"),
                    "foreign", words("reference eq"));

    /** What a field of a type cannot do without. */
    private static final Map<String, Set<String>> NEEDED =
            Map.of(
                    "array", Set.of("elements"),
                    "set", Set.of("elements"),
                    "map", Set.of("keys", "values"),
                    "record", Set.of("fields"),
                    "foreign", Set.of("reference"));

    private static final Set<String> TOP_FIELDS =
            Set.of("config", "protocols", "consumer", "route", "service");
    private static final Set<String> GROUP_CHECKS =
            words("at_least_one_of only_one_of mutually_required mutually_exclusive distinct");

    private final List<String> problems = new ArrayList<>();

    private SchemaRules() {}

    /**
     * @throws IllegalArgumentException with all problems
     */
    static void check(JsonNode schema) {
        var rules = new SchemaRules();
        rules.top(schema);
        if (!rules.problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "Kong would refuse the schema of "
                            + schema.path("name").asText()
                            + ": "
                            + String.join("; ", rules.problems));
        }
    }

    private void top(JsonNode schema) {
        schema.fieldNames()
                .forEachRemaining(name ->
                        require(
                                Set.of("name", "fields").contains(name),
                                name,
                                "a schema has a name and fields"));
        require(!schema.path("name").asText().isEmpty(), "name", "a schema has a name");
        fields("", schema.path("fields"));
        var names = new HashSet<String>();
        schema.path("fields").forEach(field -> field.fieldNames().forEachRemaining(names::add));
        names.forEach(
                name -> require(TOP_FIELDS.contains(name), name, "cannot create a new field"));
        require(names.contains("config"), "config", "a schema has it");
    }

    private void fields(String path, JsonNode fields) {
        require(fields.isArray(), path, "fields is an array");
        var seen = new HashSet<String>();
        for (var field : fields) {
            require(field.size() == 1, path, "each of the fields is an object with one member");
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
        int before = problems.size();
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
        for (var needed : NEEDED.getOrDefault(type, Set.of())) {
            require(field.has(needed), path, "a " + type + " has " + needed);
        }
        int description = field.path("description").asText("long enough").length();
        require(description >= 10 && description <= 500, path, "description of 10 to 500 letters");
        bounds(path, field);
        pattern(path, field.path("match"));
        for (var inside : List.of("elements", "keys", "values")) {
            if (field.has(inside)) {
                definition(path + "." + inside, field.get(inside));
            }
        }
        if (type.equals("record")) {
            fields(path, field.path("fields"));
            entityChecks(path, field);
        }
        if (path.equals("protocols")) {
            field.path("default")
                    .forEach(protocol ->
                            require(
                                    PROTOCOLS.contains(protocol.asText()),
                                    path,
                                    "no protocol " + protocol.asText()));
        }
        if (field.has("default") && problems.size() == before) {
            ConfigCheck.value(field, null)
                    .ifPresent(problem ->
                            problems.add(
                                    path + ": the default: " + problem.asText(problem.toString())));
        }
    }

    private void bounds(String path, JsonNode field) {
        var between = field.path("between");
        require(
                between.isMissingNode()
                        || (between.size() == 2
                                && between.get(0).asDouble() <= between.get(1).asDouble()),
                path,
                "between has its bounds the wrong way round");
        require(
                field.path("len_min").asInt(0) <= field.path("len_max").asInt(Integer.MAX_VALUE),
                path,
                "len_min is above len_max");
        for (var values : List.of("one_of", "not_one_of")) {
            require(
                    !field.has(values) || !field.get(values).isEmpty(),
                    path,
                    values + " without values");
        }
    }

    private void pattern(String path, JsonNode match) {
        if (match.isTextual()) {
            try {
                LuaPattern.of(match.textValue());
            } catch (IllegalArgumentException e) {
                problems.add(path + ": " + e.getMessage());
            }
        }
    }

    private void entityChecks(String path, JsonNode record) {
        var names = new HashSet<String>();
        record.path("fields").forEach(field -> field.fieldNames().forEachRemaining(names::add));
        for (var check : record.path("entity_checks")) {
            var rule = check.size() == 1 ? check.fieldNames().next() : "";
            var detail = check.path(rule);
            var used = new HashSet<String>();
            if (GROUP_CHECKS.contains(rule)) {
                detail.forEach(name -> used.add(name.asText()));
            } else if (rule.equals("conditional")) {
                used.add(detail.path("if_field").asText());
                used.add(detail.path("then_field").asText());
            } else if (rule.equals("conditional_at_least_one_of")) {
                used.add(detail.path("if_field").asText());
                detail.path("then_at_least_one_of").forEach(name -> used.add(name.asText()));
            } else {
                problems.add(path + ": no entity check '" + rule + "'");
            }
            used.removeAll(names);
            require(used.isEmpty(), path, rule + " names fields that are not there: " + used);
        }
    }

    private static Set<String> words(String text) {
        return Set.of(text.split(" "));
    }

    private void require(boolean holds, String path, String rule) {
        if (!holds) {
            problems.add(path + ": " + rule);
        }
    }
}
