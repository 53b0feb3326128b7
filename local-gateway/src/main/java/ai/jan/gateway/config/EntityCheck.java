// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A check over several fields of a record. */
sealed interface EntityCheck {
    void apply(String where, ObjectNode record, Problems problems);

    static EntityCheck of(JsonNode check) {
        var name = check.fieldNames().next();
        var detail = check.get(name);
        if (name.equals("at_least_one_of")) {
            return new AtLeastOneOf(texts(detail));
        }
        if (name.equals("mutually_exclusive")) {
            return new Exclusive(texts(detail));
        }
        if (name.equals("mutually_required")) {
            return new Together(texts(detail));
        }
        boolean requiresField =
                name.equals("conditional")
                        && detail.path("if_match").has("eq")
                        && detail.path("then_match").path("required").asBoolean();
        return requiresField
                ? new RequiredIf(
                        detail.path("if_field").asText(),
                        detail.path("if_match").get("eq"),
                        detail.path("then_field").asText())
                : new Unsupported(name);
    }

    private static List<String> texts(JsonNode names) {
        var texts = new ArrayList<String>();
        names.forEach(name -> texts.add(name.asText()));
        return texts;
    }

    /** One of the fields must be given. */
    record AtLeastOneOf(List<String> names) implements EntityCheck {
        @Override
        public void apply(String where, ObjectNode record, Problems problems) {
            if (names.stream().noneMatch(record::hasNonNull)) {
                problems.add(
                        where,
                        "at least one of these fields must be non-empty: "
                                + String.join(", ", names));
            }
        }
    }

    /** Not more than one of the fields may be given. */
    record Exclusive(List<String> names) implements EntityCheck {
        @Override
        public void apply(String where, ObjectNode record, Problems problems) {
            if (names.stream().filter(record::hasNonNull).count() > 1) {
                problems.add(
                        where,
                        "only one or none of these fields must be set: "
                                + String.join(", ", names));
            }
        }
    }

    /** All of the fields must be given, or none. */
    record Together(List<String> names) implements EntityCheck {
        @Override
        public void apply(String where, ObjectNode record, Problems problems) {
            long given = names.stream().filter(record::hasNonNull).count();
            if (given > 0 && given < names.size()) {
                problems.add(
                        where,
                        "all or none of these fields must be set: " + String.join(", ", names));
            }
        }
    }

    /** A field must be given if another has a certain value. */
    record RequiredIf(String other, JsonNode value, String name) implements EntityCheck {
        @Override
        public void apply(String where, ObjectNode record, Problems problems) {
            if (value.equals(record.get(other)) && !record.hasNonNull(name)) {
                problems.add(where + "." + name, "required field missing");
            }
        }
    }

    /** A check the stand-in does not know. */
    record Unsupported(String name) implements EntityCheck {
        @Override
        public void apply(String where, ObjectNode record, Problems problems) {
            problems.add(where, "the stand-in does not support schema check '" + name + "'");
        }
    }
}
