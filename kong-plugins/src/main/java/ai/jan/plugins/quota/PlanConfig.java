// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import java.util.Map;

/** What callers on one plan may use. */
public record PlanConfig(
        @Description("Each user, however the user logs in and whatever keys are used.")
                LimitsConfig user,
        @Description("Each API key by itself, besides its user.") LimitsConfig key,
        @Description("Each user with one model: the model's name to the limits.")
                Map<String, LimitsConfig> models,
        @Default("deny")
                @Description(
                        "What happens while the database does not answer: deny with 503, or allow"
                                + " without counting.")
                StoreFailure onStoreFailure) {}
