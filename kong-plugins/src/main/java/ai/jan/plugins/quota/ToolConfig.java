// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;

/** What one call of a tool counts. */
public record ToolConfig(
        @Default("1") @Between(min = 0, max = 1000) @Description("As how many requests it counts.")
                int requests,
        @Default("0")
                @Between(min = 0, max = 1e6)
                @Description("What it costs, in the currency of the budgets.")
                double price) {
    private static final double BILLIONTHS = 1e9;

    long billionths() {
        return Math.round(price * BILLIONTHS);
    }
}
