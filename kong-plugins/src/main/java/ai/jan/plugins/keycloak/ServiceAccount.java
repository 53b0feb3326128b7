// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import okhttp3.Request;

/**
 * Requests of our own service account; its token is kept until shortly before it ends. Thread-safe.
 */
final class ServiceAccount {
    private static final Duration EARLIER = Duration.ofSeconds(30);

    private record Kept(String token, Instant until) {}

    private final KeycloakHttp http;
    private final TokenEndpoint tokens;
    private final InstantSource clock;
    private volatile Kept kept = new Kept("", Instant.MIN);

    ServiceAccount(KeycloakHttp http, TokenEndpoint tokens, InstantSource clock) {
        this.http = http;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Sends it, with a new token if Keycloak has forgotten the one we had. */
    KeycloakHttp.Answer send(Request request, Deadline deadline) {
        var now = clock.instant();
        var answer = http.send(with(token(now, deadline), request), deadline);
        if (answer.status() != 401) {
            return answer;
        }
        kept = new Kept("", Instant.MIN);
        return http.send(with(token(now, deadline), request), deadline);
    }

    /** The id of the account itself. */
    String subject(Deadline deadline) {
        return Tokens.claim(token(clock.instant(), deadline), "sub");
    }

    /** Two who find none at the same time both ask for one, which does no harm. */
    private String token(Instant now, Deadline deadline) {
        var known = kept;
        if (now.isBefore(known.until())) {
            return known.token();
        }
        var answer = tokens.serviceToken(deadline).body();
        var token = answer.path("access_token").asText("");
        if (token.isEmpty()) {
            throw new KeycloakUnavailable("the token endpoint answered without a token");
        }
        kept = new Kept(token, now.plusSeconds(answer.path("expires_in").asLong()).minus(EARLIER));
        return token;
    }

    private static Request with(String token, Request request) {
        return request.newBuilder().header("Authorization", "Bearer " + token).build();
    }
}
