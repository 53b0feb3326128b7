// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.revocation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says of a token whose signature and time are good whether it was revoked. Waits at most two
 * seconds, and only for what was never loaded.
 */
@FunctionalInterface
public interface FindRevocation {
    /** What is known of a token. */
    enum Verdict {
        GOOD,
        REVOKED,
        /** Nothing was ever loaded, so nobody can tell. */
        UNKNOWN
    }

    /**
     * @param sid the token's session, if it names one
     * @param issuedAt its {@code iat}
     */
    Verdict verdict(@Nullable String sid, String sub, Instant issuedAt);
}
