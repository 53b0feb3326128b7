// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What a field's definition demands of a single value, in Kong's words. */
final class Constraints {
    private Constraints() {}

    /** The first demand that a value of the right type does not meet. */
    static Optional<String> violated(JsonNode definition, JsonNode value) {
        var messages = new ArrayList<String>();
        among(definition, value, messages);
        if (value.isNumber()) {
            number(definition, value.decimalValue(), messages);
        }
        if (value.isTextual()) {
            int bytes = value.textValue().getBytes(StandardCharsets.UTF_8).length;
            length(definition, bytes, 1).ifPresent(messages::add);
            text(definition, value.textValue(), messages);
        }
        return messages.stream().findFirst();
    }

    /**
     * Whether a text, a list, a set or a map is of the right length.
     *
     * @param least what Kong takes for {@code len_min} if there is none
     */
    static Optional<String> length(JsonNode definition, int length, int least) {
        int exactly = definition.path("len_eq").asInt(length);
        int min = definition.path("len_min").asInt(definition.has("len_eq") ? 0 : least);
        int max = definition.path("len_max").asInt(Integer.MAX_VALUE);
        if (length != exactly) {
            return Optional.of("length must be " + exactly);
        }
        if (length < min) {
            return Optional.of("length must be at least " + min);
        }
        return length > max ? Optional.of("length must be at most " + max) : Optional.empty();
    }

    /** Whether a list of a schema has a value; 1 and 1.0 are the same. */
    static boolean contains(JsonNode values, JsonNode value) {
        return StreamSupport.stream(values.spliterator(), false).anyMatch(one -> same(one, value));
    }

    static boolean same(JsonNode one, JsonNode other) {
        return (one.isNumber() && other.isNumber())
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
    }

    private static void among(JsonNode definition, JsonNode value, List<String> messages) {
        var allowed = definition.path("one_of");
        if (allowed.isArray() && !contains(allowed, value)) {
            messages.add("expected one of: " + list(allowed));
        }
        var forbidden = definition.path("not_one_of");
        if (forbidden.isArray() && contains(forbidden, value)) {
            messages.add("must not be one of: " + list(forbidden));
        }
        if (definition.has("eq") && !same(definition.get("eq"), value)) {
            messages.add("value must be " + definition.get("eq").asText());
        }
        if (definition.has("ne") && same(definition.get("ne"), value)) {
            messages.add("value must not be " + definition.get("ne").asText());
        }
    }

    private static void number(JsonNode definition, BigDecimal value, List<String> messages) {
        var between = definition.path("between");
        if (between.isArray()
                && (value.compareTo(between.get(0).decimalValue()) < 0
                        || value.compareTo(between.get(1).decimalValue()) > 0)) {
            messages.add("value should be between " + between.get(0) + " and " + between.get(1));
        }
        var above = definition.path("gt");
        if (above.isNumber() && value.compareTo(above.decimalValue()) <= 0) {
            messages.add("value must be greater than " + above.asText());
        }
    }

    private static void text(JsonNode definition, String value, List<String> messages) {
        var match = definition.path("match");
        if (match.isTextual() && !LuaPattern.of(match.textValue()).matches(value)) {
            messages.add("invalid value: " + value);
        }
        var start = definition.path("starts_with").asText("");
        if (!value.startsWith(start)) {
            messages.add("should start with: " + start);
        }
        if (definition.path("is_regex").asBoolean() && !isRegex(value)) {
            messages.add("not a valid regex: " + value);
        }
        if (definition.path("uuid").asBoolean() && !isUuid(value)) {
            messages.add("expected a valid UUID");
        }
    }

    /** By Java's rules; Kong's differ in rare constructs. */
    private static boolean isRegex(String text) {
        try {
            return Pattern.compile(text) != null;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static boolean isUuid(String text) {
        try {
            return text.length() == 36 && UUID.fromString(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String list(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(value -> value instanceof TextNode ? value.textValue() : value.toString())
                .collect(Collectors.joining(", "));
    }
}
