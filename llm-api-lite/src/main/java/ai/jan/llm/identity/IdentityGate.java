// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.identity;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.http.Route;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.problem.ApiProblem;

/**
 * Lets nobody in but by the one signed header of the gateway: no key, no token, no plain header.
 */
public final class IdentityGate {
    /** The audience of identities meant for this service. */
    public static final String AUDIENCE = "llm-api-lite";

    private final IdentityVerifier verifier;

    public IdentityGate(IdentityVerifier verifier) {
        this.verifier = verifier;
    }

    public Route protect(IdentifiedRoute route) {
        return exchange -> {
            var caller = caller(exchange);
            exchange.requestId(caller.requestId());
            exchange.notes().caller(caller.subject(), caller.plan());
            route.handle(exchange, caller);
        };
    }

    private Identity caller(Exchange exchange) {
        var headers = exchange.headers(Identity.HEADER);
        if (headers.size() != 1) {
            throw unauthorized();
        }
        return verifier.verify(headers.getFirst()).orElseThrow(IdentityGate::unauthorized);
    }

    private static ApiProblem unauthorized() {
        return ApiProblem.unauthorized(
                null,
                "No valid credential was given: this service is reached through the gateway.");
    }
}
