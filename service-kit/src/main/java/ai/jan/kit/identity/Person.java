// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.identity;

import org.jspecify.annotations.Nullable;

/**
 * What a caller's account calls them. It is only for telling them; nothing is decided by it.
 *
 * @param username Keycloak's {@code preferred_username}
 * @param email as the account has it, verified or not
 */
public record Person(@Nullable String username, @Nullable String email) {}
