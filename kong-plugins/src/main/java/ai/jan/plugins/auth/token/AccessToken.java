// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a verified access token says of its holder.
 *
 * @param subject Keycloak's {@code sub}: visible ASCII, at most 255 characters
 * @param roles realm roles
 * @param scopes of the token
 * @param groups in the token's order, without the leading slash
 * @param expiresAt when it stops being accepted
 */
public record AccessToken(
        String subject,
        Set<String> roles,
        Set<String> scopes,
        List<String> groups,
        Instant expiresAt) {
    public AccessToken {
        roles = Set.copyOf(roles);
        scopes = Set.copyOf(scopes);
        groups = List.copyOf(groups);
    }

    AccessToken withSubject(String other) {
        return new AccessToken(other, roles, scopes, groups, expiresAt);
    }
}
