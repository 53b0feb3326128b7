// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.problem.ApiProblem;
import java.util.function.Function;

/** Who is calling: only the one signed header of the gateway proves it. */
final class Callers implements Function<Exchange, Identity> {
    /** The audience of identities meant for this service. */
    static final String AUDIENCE = "mcp-tools";

    private final IdentityVerifier verifier;

    Callers(IdentityVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * @throws ApiProblem 401 if nobody is proven to call
     */
    @Override
    public Identity apply(Exchange exchange) {
        var headers = exchange.headers(Identity.HEADER);
        if (headers.size() != 1) {
            throw unauthorized();
        }
        return verifier.verify(headers.getFirst()).orElseThrow(Callers::unauthorized);
    }

    private static ApiProblem unauthorized() {
        return ApiProblem.unauthorized(
                null,
                "No valid credential was given: this service is reached through the gateway.");
    }
}
