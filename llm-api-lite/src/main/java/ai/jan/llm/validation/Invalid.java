// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.validation;

import ai.jan.kit.config.Spelling;
import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** The faults of a request; codes and forms of {@code param} as in the OpenAI contract 4.4. */
public final class Invalid {
    private static final int NEAR = 2;
    private static final int MAX_SUGGESTIONS = 2;

    private Invalid() {}

    public static ApiProblem missing(String param) {
        return ApiProblem.badRequest(
                "missing_required_parameter",
                param,
                "Missing required parameter: '" + param + "'.");
    }

    /**
     * Says what may have been meant: up to two names that are nearly the same and not used yet.
     *
     * @param name of a member, at the end of its path
     */
    static ApiProblem unknown(
            String param, String name, Collection<String> known, Collection<String> used) {
        var near =
                known.stream()
                        .filter(other -> !used.contains(other) && isNear(other, name))
                        .sorted()
                        .limit(MAX_SUGGESTIONS)
                        .collect(Collectors.joining("' or '"));
        return ApiProblem.badRequest(
                "unknown_parameter",
                param,
                "Unknown parameter: '%s'.".formatted(param)
                        + (near.isEmpty() ? "" : " Did you mean '%s'?".formatted(near)));
    }

    private static boolean isNear(String one, String other) {
        return Math.abs(one.length() - other.length()) <= NEAR
                && Spelling.distance(one, other) <= NEAR;
    }

    public static ApiProblem type(String param, String expected, JsonNode found) {
        return ApiProblem.badRequest(
                "invalid_type",
                param,
                "Invalid type for '%s': expected %s, but got %s instead."
                        .formatted(param, expected, kind(found)));
    }

    public static ApiProblem value(String param, Collection<String> allowed) {
        return ApiProblem.badRequest(
                "invalid_value",
                param,
                "Invalid value for '%s'. Supported values are: %s."
                        .formatted(param, String.join(", ", allowed)));
    }

    public static ApiProblem value(String param, String expected) {
        return ApiProblem.badRequest(
                "invalid_value", param, "Invalid '%s': expected %s.".formatted(param, expected));
    }

    /**
     * @param kind {@code integer} or {@code decimal}
     */
    public static ApiProblem below(String kind, String param, Object least, Object found) {
        return ApiProblem.badRequest(
                kind + "_below_min_value",
                param,
                "Invalid '%s': %s below minimum value. Expected a value >= %s, but got %s instead."
                        .formatted(param, kind, least, found));
    }

    /**
     * @param kind {@code integer} or {@code decimal}
     */
    public static ApiProblem above(String kind, String param, Object most, Object found) {
        return ApiProblem.badRequest(
                kind + "_above_max_value",
                param,
                "Invalid '%s': %s above maximum value. Expected a value <= %s, but got %s instead."
                        .formatted(param, kind, most, found));
    }

    public static ApiProblem tooLong(String param, int most, int found) {
        return ApiProblem.badRequest(
                "string_above_max_length",
                param,
                "Invalid '%s': string too long. Expected at most %d characters, but got %d instead."
                        .formatted(param, most, found));
    }

    public static ApiProblem emptyText(String param) {
        return ApiProblem.badRequest(
                "empty_string", param, "Invalid '%s': it must not be empty.".formatted(param));
    }

    public static ApiProblem emptyArray(String param) {
        return ApiProblem.badRequest(
                "empty_array",
                param,
                "Invalid '%s': empty array. Expected at least one element.".formatted(param));
    }

    public static ApiProblem tooMany(String param, int most, int found) {
        return ApiProblem.badRequest(
                "array_above_max_length",
                param,
                "Invalid '%s': array too long. Expected at most %d elements, but got %d instead."
                        .formatted(param, most, found));
    }

    private static String kind(JsonNode found) {
        return switch (found.getNodeType()) {
            case NUMBER -> found.isIntegralNumber() ? "an integer" : "a decimal";
            case ARRAY, OBJECT -> "an " + found.getNodeType().name().toLowerCase(Locale.ROOT);
            case MISSING, NULL -> "null";
            default -> "a " + found.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }
}
