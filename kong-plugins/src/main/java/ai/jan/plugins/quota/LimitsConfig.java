// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Description;
import org.jspecify.annotations.Nullable;

/** Limits; one that is not given does not exist. */
public record LimitsConfig(
        @Nullable @Between(min = 0, max = 1e9) @Description("Requests in any minute.")
                Long requestsPerMinute,
        @Nullable @Between(min = 0, max = 1e12) @Description("Requests in any 24 hours.")
                Long requestsPerDay,
        @Nullable
                @Between(min = 0, max = 1e9)
                @Description("Tokens of prompts and answers in any minute.")
                Long tokensPerMinute,
        @Nullable
                @Between(min = 0, max = 1e12)
                @Description("Tokens of prompts and answers in any 24 hours.")
                Long tokensPerDay,
        @Nullable
                @Between(min = 0, max = 1e12)
                @Description("Tokens of prompts and answers in any 30 days.")
                Long tokensPerMonth,
        @Nullable
                @Between(min = 0, max = 1e8)
                @Description("Money in any 30 days, by the prices of the models and tools.")
                Double moneyPerMonth,
        @Nullable
                @Between(min = 0, max = 1e6)
                @Description("Requests to models that are being served at the same time.")
                Long concurrentRequests) {}
