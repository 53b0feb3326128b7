// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.problem.ApiProblem;
import java.util.ArrayList;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client that was refused how to get in: the header {@code WWW-Authenticate} of RFC 6750 3,
 * and where it finds the authorization server (RFC 9728 5.1), which MCP clients go by.
 */
final class Challenge {
    private static final String HEADER = "WWW-Authenticate";

    private final @Nullable String resourceMetadata;
    private final Set<String> scopes;

    /**
     * @param resourceMetadata the address of the protected resource's metadata, if it has any
     * @param scopes that the route asks for
     */
    Challenge(@Nullable String resourceMetadata, Set<String> scopes) {
        this.resourceMetadata = resourceMetadata;
        this.scopes = Set.copyOf(scopes);
    }

    /** The same problem, with the header if it is one of credentials. */
    ApiProblem to(ApiProblem problem) {
        var parameters = new ArrayList<String>();
        switch (problem.status()) {
            case 401 -> {
                if (problem.code() != null) { // RFC 6750 3.1: no error if there was no credential
                    parameters.add("error=\"invalid_token\"");
                }
            }
            case 403 -> parameters.add("error=\"insufficient_scope\"");
            default -> {
                return problem;
            }
        }
        if (!scopes.isEmpty()) {
            parameters.add("scope=\"" + String.join(" ", scopes.stream().sorted().toList()) + '"');
        }
        if (resourceMetadata != null) {
            parameters.add("resource_metadata=\"" + resourceMetadata + '"');
        }
        return problem.header(HEADER, ("Bearer " + String.join(", ", parameters)).strip());
    }
}
