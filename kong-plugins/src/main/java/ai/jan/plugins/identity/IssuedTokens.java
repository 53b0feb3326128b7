// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.json.Json;
import ai.jan.plugins.keycloak.Tokens;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Tokens as clients get them: in the body, and the refresh token in a cookie for browsers too. */
final class IssuedTokens {
    static final String COOKIE = "refresh_token";

    private IssuedTokens() {}

    static ObjectNode body(Tokens tokens, Instant now) {
        return Json.object()
                .put("access_token", tokens.accessToken())
                .put("refresh_token", tokens.refreshToken())
                .put("token_type", tokens.tokenType())
                .put("expires_in", tokens.expiresIn())
                .put(
                        "expires_at",
                        now.plusSeconds(tokens.expiresIn())
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
    }

    /** Lives as long as the refresh token. */
    static String cookie(Tokens tokens) {
        return Cookies.of(
                COOKIE, tokens.refreshToken(), Duration.ofSeconds(tokens.refreshExpiresIn()));
    }
}
