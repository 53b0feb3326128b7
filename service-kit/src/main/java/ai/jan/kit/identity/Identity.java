// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, as the gateway proved it.
 *
 * @param subject the owner of everything this caller creates: Keycloak's {@code sub}
 * @param method how the caller proved it
 * @param roles realm roles, such as {@code user} or {@code admin}
 * @param scopes what the credential may be used for
 * @param plan the plan that decides quota and models
 * @param team the Keycloak group that pays, if any
 * @param keyId the API key used, if one was
 * @param requestId the gateway's id of this request
 */
public record Identity(
        String subject,
        Method method,
        Set<String> roles,
        Set<String> scopes,
        String plan,
        @Nullable String team,
        @Nullable String keyId,
        String requestId) {

    /** The header that carries the signed identity from the gateway to a service. */
    public static final String HEADER = "X-Jan-Identity";

    /**
     * How a caller proves who they are; the names are those of the header {@code X-Auth-Method}.
     */
    public enum Method {
        JWT("jwt"),
        API_KEY("apikey");

        private final String wireName;

        Method(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    public Identity {
        roles = Set.copyOf(roles);
        scopes = Set.copyOf(scopes);
    }
}
