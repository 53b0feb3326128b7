// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.validation;

import com.fasterxml.jackson.databind.JsonNode;

/** What chats and legacy completions may say about how words are chosen (contract 3.2, 3.6). */
public final class SamplingRules {
    private static final int MAX_STOPS = 4;
    private static final int MAX_BIAS = 100;

    private SamplingRules() {}

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with one of them
     */
    public static void check(Fields fields) {
        fields.decimal("temperature", 0, 2);
        fields.decimal("top_p", 0, 1);
        fields.decimal("frequency_penalty", -2, 2);
        fields.decimal("presence_penalty", -2, 2);
        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        fields.value("stop").ifPresent(stop -> checkStop(stop, fields.path("stop")));
        fields.object("logit_bias")
                .ifPresent(bias -> {
                    for (var token : bias.names()) {
                        bias.decimal(token, -MAX_BIAS, MAX_BIAS);
                    }
                });
        fields.text("user");
    }

    private static void checkStop(JsonNode stop, String path) {
        if (stop.isTextual()) {
            return;
        }
        if (!stop.isArray()) {
            throw Invalid.type(path, "a string or an array", stop);
        }
        if (stop.size() > MAX_STOPS) {
            throw Invalid.tooMany(path, MAX_STOPS, stop.size());
        }
        for (int i = 0; i < stop.size(); i++) {
            if (!stop.get(i).isTextual()) {
                throw Invalid.type(path + "[" + i + "]", "a string", stop.get(i));
            }
        }
    }
}
