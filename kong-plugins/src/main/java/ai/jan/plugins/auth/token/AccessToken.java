// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import ai.jan.kit.identity.Person;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verified access token says of its holder.
 *
 * @param subject Keycloak's {@code sub}: visible ASCII, at most 255 characters
 * @param session Keycloak's {@code sid}, if the token names one
 * @param roles realm roles
 * @param scopes of the token
 * @param groups in the token's order, without the leading slash
 * @param person the names in it
 * @param issuedAt its {@code iat}; of a token without one, long ago
 * @param expiresAt when it stops being accepted
 */
public record AccessToken(
        String subject,
        @Nullable String session,
        Set<String> roles,
        Set<String> scopes,
        List<String> groups,
        Person person,
        Instant issuedAt,
        Instant expiresAt) {
    public AccessToken {
        roles = Set.copyOf(roles);
        scopes = Set.copyOf(scopes);
        groups = List.copyOf(groups);
    }

    /** The same, of an issuer that cannot name the subjects and sessions of another. */
    AccessToken prefixed(String prefix) {
        return new AccessToken(
                prefix + subject,
                session == null ? null : prefix + session,
                roles,
                scopes,
                groups,
                person,
                issuedAt,
                expiresAt);
    }
}
