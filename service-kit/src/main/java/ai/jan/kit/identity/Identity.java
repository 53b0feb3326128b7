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
 * @param models which models the caller may use; everything the backends offer if it is absent
 * @param person their names, where the service tells the caller who they are, and nowhere else
 */
public record Identity(
        String subject,
        Method method,
        Set<String> roles,
        Set<String> scopes,
        String plan,
        @Nullable String team,
        @Nullable String keyId,
        String requestId,
        @Nullable ModelGrant models,
        @Nullable Person person) {

    /** The header that carries the signed identity from the gateway to a service. */
    public static final String HEADER = "X-Jan-Identity";

    /**
     * How a caller proves who they are; the names are those of the header {@code X-Auth-Method}.
     */
    public enum Method {
        JWT("jwt"),
        API_KEY("apikey"),
        /** Not at all; of the same team are all such callers, of the same subject no two. */
        ANONYMOUS("anonymous");

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

    /** An identity that may use whatever the backends offer. */
    public Identity(
            String subject,
            Method method,
            Set<String> roles,
            Set<String> scopes,
            String plan,
            @Nullable String team,
            @Nullable String keyId,
            String requestId) {
        this(subject, method, roles, scopes, plan, team, keyId, requestId, null, null);
    }

    /** The same caller, who may use these models. */
    public Identity with(ModelGrant grant) {
        return new Identity(
                subject, method, roles, scopes, plan, team, keyId, requestId, grant, person);
    }

    /** The same caller, by name. */
    public Identity with(Person named) {
        return new Identity(
                subject, method, roles, scopes, plan, team, keyId, requestId, models, named);
    }

    /** Which models the caller may use. */
    public ModelGrant grant() {
        return models == null ? ModelGrant.EVERYTHING : models;
    }
}
