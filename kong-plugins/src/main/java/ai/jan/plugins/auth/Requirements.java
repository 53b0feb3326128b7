// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.problem.ApiProblem;
import java.util.Collections;
import java.util.Set;

/**
 * What a route asks of a caller besides being somebody.
 *
 * @param roles one of them is enough; nobody needs any if there are none
 * @param scopes all of them
 */
record Requirements(Set<String> roles, Set<String> scopes) {
    static final Requirements NONE = new Requirements(Set.of(), Set.of());

    Requirements {
        roles = Set.copyOf(roles);
        scopes = Set.copyOf(scopes);
    }

    /**
     * @throws ApiProblem 403; it does not tell which role would do
     */
    void check(Caller caller) {
        if (!roles.isEmpty() && Collections.disjoint(roles, caller.roles())) {
            throw refused("You are not allowed to use this.");
        }
        if (!caller.scopes().containsAll(scopes)) {
            throw refused(
                    "Your credential must have these scopes: "
                            + String.join(" ", scopes.stream().sorted().toList())
                            + ".");
        }
    }

    private static ApiProblem refused(String message) {
        return new ApiProblem(
                403, ApiProblem.INVALID_REQUEST, "insufficient_permissions", null, message);
    }
}
