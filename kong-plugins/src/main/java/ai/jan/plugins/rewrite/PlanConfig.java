// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What callers on one plan may ask for. */
public record PlanConfig(
        @Default("*")
                @Description(
                        "The models and aliases they may use; one that ends in * stands for all that"
                                + " begin so.")
                Set<String> models,
        @Nullable
                @Between(min = 16, max = 10_000_000)
                @Description(
                        "How many tokens an answer may have if the request does not say. In legacy"
                                + " completions it is 16, as OpenAI has it.")
                Integer outputTokens,
        @Nullable
                @Between(min = 16, max = 10_000_000)
                @Description("How many tokens a request may ask for; more is lowered to this.")
                Integer maxOutputTokens,
        @Default("8")
                @Between(min = 1, max = 128)
                @Description("How many choices (n, best_of) a request may ask for; more gets 400.")
                int maxChoices,
        @Default("32")
                @Between(min = 1, max = 2048)
                @Description(
                        "How many prompts one legacy completion may have; more gets 400. Embeddings"
                                + " may have 2048 inputs.")
                int maxPrompts,
        @Description("Limits of other numbers, such as temperature: the parameter's name to them.")
                Map<String, LimitConfig> limits) {

    /** For everybody, if no plan is configured. */
    static final PlanConfig OPEN = new PlanConfig(Set.of("*"), null, null, 8, 32, Map.of());

    public PlanConfig {
        if (outputTokens != null && maxOutputTokens != null && outputTokens > maxOutputTokens) {
            throw new IllegalArgumentException("output_tokens is above max_output_tokens");
        }
    }
}
