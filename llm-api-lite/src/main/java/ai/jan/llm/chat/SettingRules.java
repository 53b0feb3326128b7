// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.SamplingRules;
import ai.jan.llm.validation.ServiceRules;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the known members of a chat request may say besides its messages (contract 3.2), looked at
 * in OpenAI's order (4.3). Members that are not known here are the model server's to judge.
 */
final class SettingRules {
    private static final int MAX_CHOICES = 128;
    private static final int MAX_TOP_LOGPROBS = 20;

    /** The last one is vLLM's own. */
    private static final Set<String> FORMATS =
            new TreeSet<>(Set.of("text", "json_object", "json_schema", "structural_tag"));

    private SettingRules() {}

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with one of them
     */
    static void check(Fields fields) {
        ToolRules.check(fields);
        fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        fields.integer("n", 1, MAX_CHOICES);
        SamplingRules.check(fields);
        checkLogprobs(fields);
        fields.object("response_format").ifPresent(SettingRules::checkFormat);
        fields.array("modalities")
                .ifPresent(modalities -> {
                    for (int i = 0; i < modalities.size(); i++) {
                        if (!modalities.get(i).isTextual()) {
                            throw Invalid.type(
                                    "modalities[" + i + "]", "a string", modalities.get(i));
                        }
                    }
                });
        fields.object("prediction");
        ServiceRules.check(fields);
        fields.oneOf("reasoning_effort", ServiceRules.EFFORTS);
        fields.oneOf("verbosity", ServiceRules.VERBOSITIES);
    }

    private static void checkLogprobs(Fields fields) {
        boolean wanted = fields.flag("logprobs");
        fields.integer("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (fields.value("top_logprobs").isPresent() && !wanted) {
            throw Invalid.value("top_logprobs", "it only together with logprobs: true");
        }
    }

    private static void checkFormat(Fields format) {
        format.required("type");
        if (format.oneOf("type", FORMATS).orElseThrow().equals("json_schema")) {
            var schema = format.requiredObject("json_schema");
            schema.requiredText("name");
            schema.object("schema");
            schema.flag("strict");
        }
    }
}
