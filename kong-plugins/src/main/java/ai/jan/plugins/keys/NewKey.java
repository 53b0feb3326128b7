// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that somebody asks for.
 *
 * @param owner the subject whose key it will be
 * @param name by which its owner knows it
 * @param team that pays, if any
 * @param expiresAt when it stops being accepted; null: never
 */
public record NewKey(
        String owner,
        String name,
        String plan,
        Set<String> roles,
        Set<String> scopes,
        @Nullable String team,
        @Nullable Instant expiresAt) {

    NewKey with(String otherName, Set<String> otherScopes) {
        return new NewKey(owner, otherName, plan, roles, otherScopes, team, expiresAt);
    }
}
