// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What a number in a request may be. */
public record LimitConfig(
        @Nullable @Description("Written into requests that do not say.") BigDecimal ifAbsent,
        @Nullable @Description("The least that is let through.") BigDecimal min,
        @Nullable @Description("The most that is let through.") BigDecimal max,
        @Default("cap")
                @Description("A number beyond: cap moves it to the limit, refuse answers 400.")
                Beyond beyond) {

    /** What becomes of a number beyond a limit. */
    public enum Beyond {
        CAP,
        REFUSE
    }

    public LimitConfig {
        if (min != null && max != null && min.compareTo(max) > 0) {
            throw new IllegalArgumentException("min is above max");
        }
        if (ifAbsent != null
                && ((max != null && ifAbsent.compareTo(max) > 0)
                        || (min != null && ifAbsent.compareTo(min) < 0))) {
            throw new IllegalArgumentException("if_absent is not between min and max");
        }
    }
}
