// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.Person;
import ai.jan.plugins.keys.ApiKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is calling, proven. The parts are those of {@link Identity}. */
record Caller(
        String subject,
        Identity.Method method,
        Set<String> roles,
        Set<String> scopes,
        String plan,
        @Nullable String team,
        @Nullable String keyId,
        Person person) {
    private static final Person NOBODY = new Person(null, null);
    private static final String ANONYMOUS = "anonymous";

    /**
     * Nobody in particular. Every request is of another nobody, so that none finds what another has
     * left; the team is the same, for limits on all of them.
     */
    static Caller anonymous(String plan, String requestId) {
        return new Caller(
                ANONYMOUS + ":" + requestId,
                Identity.Method.ANONYMOUS,
                Set.of(),
                Set.of(),
                plan,
                ANONYMOUS,
                null,
                NOBODY);
    }

    /** Of an API key, which knows its owner's subject alone. */
    static Caller of(ApiKey key, String plan) {
        return new Caller(
                key.owner(),
                Identity.Method.API_KEY,
                key.roles(),
                key.scopes(),
                plan,
                key.team(),
                key.id(),
                NOBODY);
    }

    Identity identity(String requestId) {
        return new Identity(subject, method, roles, scopes, plan, team, keyId, requestId);
    }
}
