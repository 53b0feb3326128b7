// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.Locale;
import java.util.Optional;

/** The phases of a request that an external plugin can take part in. */
public enum Phase {
    CERTIFICATE,
    REWRITE,
    ACCESS,
    RESPONSE,
    PREREAD,
    LOG;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** As Kong spells it, in lower case. */
    public String wireName() {
        return wireName;
    }

    /** The phase of that wire name, if it is one. */
    public static Optional<Phase> of(String wireName) {
        for (var phase : values()) {
            if (phase.wireName.equals(wireName)) {
                return Optional.of(phase);
            }
        }
        return Optional.empty();
    }
}
