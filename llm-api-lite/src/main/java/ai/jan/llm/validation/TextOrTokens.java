// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.validation;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What models without messages are asked: a text, some texts, the tokens of one text, or those of
 * some (contract 3.6).
 */
public final class TextOrTokens {
    private TextOrTokens() {}

    /**
     * @param most texts there may be
     * @throws ai.jan.kit.problem.ApiProblem 400 if it is something else
     */
    public static void check(JsonNode value, String path, int most) {
        if (value.isTextual()) {
            return;
        }
        checkArray(value, path, "a string or an array");
        boolean isTokens = value.get(0).isNumber();
        if (!isTokens && value.size() > most) {
            throw Invalid.tooMany(path, most, value.size());
        }
        for (int i = 0; i < value.size(); i++) {
            var one = value.get(i);
            var at = path + "[" + i + "]";
            if (isTokens) {
                checkToken(one, at);
            } else if (!one.isTextual()) {
                checkArray(one, at, "a string or an array of integers");
                for (int j = 0; j < one.size(); j++) {
                    checkToken(one.get(j), at + "[" + j + "]");
                }
            }
        }
    }

    private static void checkArray(JsonNode value, String path, String expected) {
        if (!value.isArray()) {
            throw Invalid.type(path, expected, value);
        }
        if (value.isEmpty()) {
            throw Invalid.emptyArray(path);
        }
    }

    private static void checkToken(JsonNode token, String path) {
        if (!token.isIntegralNumber()) {
            throw Invalid.type(path, "an integer", token);
        }
    }
}
