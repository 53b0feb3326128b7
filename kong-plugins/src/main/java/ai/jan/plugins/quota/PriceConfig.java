// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.quota.Price;

/** What a model costs, in the currency of the budgets. */
public record PriceConfig(
        @Default("0") @Between(min = 0, max = 1e6) @Description("For a million tokens of prompt.")
                double prompt,
        @Default("0")
                @Between(min = 0, max = 1e6)
                @Description("For a million tokens that are generated.")
                double completion) {
    /** A price for a million is as many billionths for a thousandth. */
    private static final double BILLIONTHS = 1e9 / 1e6;

    Price price() {
        return new Price(0, Math.round(prompt * BILLIONTHS), Math.round(completion * BILLIONTHS));
    }
}
