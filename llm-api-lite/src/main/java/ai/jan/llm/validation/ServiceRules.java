// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.validation;

import java.util.List;

/** What chats and responses may say about how they are served (contract 3.2, 7.2). */
public final class ServiceRules {
    public static final List<String> EFFORTS =
            List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    public static final List<String> VERBOSITIES = List.of("low", "medium", "high");
    private static final List<String> TIERS =
            List.of("auto", "default", "fast", "flex", "priority");
    private static final int MAX_KEY = 64;

    private ServiceRules() {}

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with one of them
     */
    public static void check(Fields fields) {
        for (var name : List.of("safety_identifier", "prompt_cache_key")) {
            fields.text(name).ifPresent(text -> fields.checkText(name, text, 0, MAX_KEY));
        }
        fields.oneOf("prompt_cache_retention", List.of("in_memory", "24h"));
        fields.oneOf("service_tier", TIERS);
    }
}
