// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The rules over several fields of a record: how annotations become Kong's {@code entity_checks},
 * and what Kong says when they do not hold.
 */
final class CrossChecks {
    private CrossChecks() {}

    /** What the annotations of a record say, in Kong's form. */
    static ArrayNode of(Class<? extends Record> type, List<ConfigField> fields) {
        var checks = ConfigType.JSON.arrayNode();
        for (var check : type.getAnnotationsByType(CrossCheck.class)) {
            if (check.fields().length < 2) {
                throw new IllegalArgumentException(
                        type.getSimpleName() + ": a rule over several fields names two or more");
            }
            var names = checks.addObject().putArray(check.rule().name().toLowerCase(Locale.ROOT));
            Arrays.stream(check.fields())
                    .forEach(name -> names.add(find(type, fields, name).name()));
        }
        for (var check : type.getAnnotationsByType(Conditional.class)) {
            boolean group = check.thenAtLeastOneOf().length > 0;
            if (group != check.thenField().isEmpty() || check.is().length == 0) {
                throw new IllegalArgumentException(
                        type.getSimpleName()
                                + ": a condition has values, and either thenField or"
                                + " thenAtLeastOneOf");
            }
            checks.addObject()
                    .set(
                            group ? "conditional_at_least_one_of" : "conditional",
                            conditional(type, fields, check));
        }
        return checks;
    }

    private static ObjectNode conditional(
            Class<? extends Record> type, List<ConfigField> fields, Conditional check) {
        var json = ConfigType.JSON.objectNode();
        var deciding = find(type, fields, check.ifField());
        json.put("if_field", deciding.name());
        var match = json.putObject("if_match");
        if (check.is().length == 1) {
            match.set("eq", deciding.type().defaultValue(check.is()[0]));
        } else {
            values(match.putArray("one_of"), deciding, check.is());
        }
        if (check.thenField().isEmpty()) {
            var names = json.putArray("then_at_least_one_of");
            for (var name : check.thenAtLeastOneOf()) {
                names.add(find(type, fields, name).name());
            }
            return json;
        }
        var then = find(type, fields, check.thenField());
        json.put("then_field", then.name());
        var demand = json.putObject("then_match").put("required", true);
        if (check.thenOneOf().length > 0) {
            values(demand.putArray("one_of"), then, check.thenOneOf());
        }
        return json;
    }

    private static void values(ArrayNode array, ConfigField field, String... texts) {
        for (var text : texts) {
            array.add(field.type().defaultValue(text));
        }
    }

    private static ConfigField find(
            Class<? extends Record> type, List<ConfigField> fields, String component) {
        return fields.stream()
                .filter(field -> field.component().getName().equals(component))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                type.getSimpleName() + " has no component " + component));
    }

    /**
     * Has one check look at a complete record, and writes what is wrong into {@code problems}.
     *
     * @param check an object with one member
     */
    static void apply(JsonNode check, JsonNode record, ObjectNode problems) {
        var name = check.fieldNames().next();
        var detail = check.get(name);
        switch (name) {
            case "conditional", "conditional_at_least_one_of" ->
                    conditional(detail, record, problems);
            default -> group(name, detail, record, problems);
        }
    }

    private static void group(String rule, JsonNode names, JsonNode record, ObjectNode problems) {
        long given = stream(names).filter(name -> given(record.path(name.asText()))).count();
        switch (rule) {
            case "at_least_one_of" ->
                    demand(
                            given > 0,
                            problems,
                            "at least one of these fields must be non-empty: ",
                            names);
            case "only_one_of" ->
                    demand(
                            given == 1,
                            problems,
                            "exactly one of these fields must be non-empty: ",
                            names);
            case "mutually_exclusive" ->
                    demand(
                            given <= 1,
                            problems,
                            "only one or none of these fields must be set: ",
                            names);
            case "mutually_required" ->
                    demand(
                            given == 0 || given == names.size(),
                            problems,
                            "all or none of these fields must be set: ",
                            names);
            case "distinct" -> {
                var values = new ArrayList<JsonNode>();
                stream(names)
                        .map(name -> record.path(name.asText()))
                        .filter(value -> !value.isMissingNode())
                        .forEach(values::add);
                demand(
                        new HashSet<>(values).size() == values.size(),
                        problems,
                        "values of these fields must be distinct: ",
                        names);
            }
            default -> throw new IllegalArgumentException("no rule " + rule);
        }
    }

    private static void conditional(JsonNode rule, JsonNode record, ObjectNode problems) {
        var deciding = rule.path("if_field").asText();
        var value = record.path(deciding);
        if (value.isMissingNode()
                || Constraints.violated(rule.path("if_match"), value).isPresent()) {
            return;
        }
        if (rule.has("then_at_least_one_of")) {
            var names = rule.get("then_at_least_one_of");
            boolean none = stream(names).noneMatch(name -> given(record.path(name.asText())));
            demand(!none, problems, "at least one of these fields must be non-empty: ", names);
            return;
        }
        var then = rule.path("then_field").asText();
        var actual = record.path(then);
        if (actual.isMissingNode()) {
            if (rule.path("then_match").path("required").asBoolean()) {
                fail(problems, then, "required field missing", deciding);
            }
        } else {
            Constraints.violated(rule.path("then_match"), actual)
                    .ifPresent(message -> fail(problems, then, message, deciding));
        }
    }

    private static void fail(ObjectNode problems, String field, String message, String deciding) {
        problems.put(field, message);
        entity(problems, "failed conditional validation given value of field '" + deciding + "'");
    }

    private static void demand(boolean holds, ObjectNode problems, String rule, JsonNode names) {
        if (!holds) {
            var quoted = stream(names).map(name -> "'" + name.asText() + "'").toList();
            entity(problems, rule + String.join(", ", quoted));
        }
    }

    private static void entity(ObjectNode problems, String message) {
        problems.withArray("/@entity").add(message);
    }

    private static boolean given(JsonNode value) {
        return !value.isMissingNode() && !(value.isContainerNode() && value.isEmpty());
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
