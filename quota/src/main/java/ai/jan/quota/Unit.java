// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a limit counts. */
public enum Unit {
    /** Requests, once each, whatever becomes of them. */
    @JsonProperty("requests")
    REQUESTS,

    /** Tokens of prompt and answer together. */
    @JsonProperty("tokens")
    TOKENS,

    /** Billionths of the currency's unit. */
    @JsonProperty("money")
    MONEY,

    /** Requests that are being served; they free what they held. */
    @JsonProperty("slots")
    SLOTS;

    /** The name in the database. */
    String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
