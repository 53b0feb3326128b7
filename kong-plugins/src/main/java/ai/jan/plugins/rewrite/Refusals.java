// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.json.JsonValue;

/** What is wrong with a request, in the codes that OpenAI clients know (contract 4.4). */
final class Refusals {
    private Refusals() {}

    static ApiProblem missing(String param) {
        return ApiProblem.badRequest(
                "missing_required_parameter",
                param,
                "Missing required parameter: '" + param + "'.");
    }

    static ApiProblem unknown(String param) {
        return ApiProblem.badRequest(
                "unknown_parameter", param, "Unknown parameter: '" + param + "'.");
    }

    static ApiProblem misspelt(String param, String known) {
        return ApiProblem.badRequest(
                "unknown_parameter",
                param,
                "Unknown parameter: '%s'. Did you mean '%s'? Names are in lower case."
                        .formatted(param, known));
    }

    static ApiProblem unsupported(String param) {
        return ApiProblem.badRequest(
                "unsupported_parameter",
                param,
                "Unsupported parameter: '" + param + "' is not accepted by this platform.");
    }

    static ApiProblem type(String param, String expected, JsonValue found) {
        return ApiProblem.badRequest(
                "invalid_type",
                param,
                "Invalid type for '%s': expected %s, but got %s instead."
                        .formatted(param, expected, found.kind().described()));
    }

    static ApiProblem value(String param, String expected) {
        return ApiProblem.badRequest(
                "invalid_value", param, "Invalid '%s': expected %s.".formatted(param, expected));
    }

    static ApiProblem below(String param, Object least, JsonValue found) {
        var kind = kind(found);
        return ApiProblem.badRequest(
                kind + "_below_min_value",
                param,
                "Invalid '%s': %s below minimum value. Expected a value >= %s, but got %s instead."
                        .formatted(param, kind, least, found));
    }

    static ApiProblem above(String param, Object most, JsonValue found) {
        var kind = kind(found);
        return ApiProblem.badRequest(
                kind + "_above_max_value",
                param,
                "Invalid '%s': %s above maximum value. Expected a value <= %s, but got %s instead."
                        .formatted(param, kind, most, found));
    }

    static ApiProblem tooMany(String param, int most, int found) {
        return ApiProblem.badRequest(
                "array_above_max_length",
                param,
                "Invalid '%s': array too long. Expected at most %d elements, but got %d instead."
                        .formatted(param, most, found));
    }

    private static String kind(JsonValue found) {
        return found.is(JsonValue.Kind.INTEGER) ? "integer" : "decimal";
    }
}
