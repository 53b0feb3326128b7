// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that was issued, without its text.
 *
 * @param id of the key, not secret
 * @param owner the subject whose key it is
 * @param plan it was made with
 * @param roles it was made with and that its owner still has
 * @param isReduced whether its owner has lost roles since, and perhaps the plan with them
 * @param scopes what it may be used for
 * @param team that pays, if any
 * @param expiresAt when it stops being accepted; null: never
 */
public record ApiKey(
        String id,
        String owner,
        String plan,
        Set<String> roles,
        boolean isReduced,
        Set<String> scopes,
        @Nullable String team,
        @Nullable Instant expiresAt) {
    public ApiKey {
        roles = Set.copyOf(roles);
        scopes = Set.copyOf(scopes);
    }

    boolean isExpiredAt(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
