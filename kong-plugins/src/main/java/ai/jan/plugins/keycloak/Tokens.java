// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;

/**
 * Tokens that Keycloak has just issued.
 *
 * @param expiresIn of the access token, in seconds
 * @param refreshExpiresIn in seconds; 0 if the refresh token does not expire by itself
 */
public record Tokens(
        String accessToken,
        String refreshToken,
        String tokenType,
        long expiresIn,
        long refreshExpiresIn) {

    /**
     * @throws KeycloakUnavailable if there are none in the answer
     */
    static Tokens of(JsonNode answer) {
        if (!answer.path("access_token").isTextual() || !answer.path("refresh_token").isTextual()) {
            throw new KeycloakUnavailable("the token endpoint answered without tokens");
        }
        return new Tokens(
                answer.path("access_token").textValue(),
                answer.path("refresh_token").textValue(),
                answer.path("token_type").asText("Bearer"),
                answer.path("expires_in").asLong(),
                answer.path("refresh_expires_in").asLong());
    }

    /**
     * A claim of a token, which is not verified: only for tokens that come from Keycloak itself or
     * that it has just accepted.
     *
     * @return an empty text if the token has no such claim
     */
    public static String claim(String token, String name) {
        var parts = token.split("\\.", -1);
        try {
            return parts.length == 3
                    ? Json.parse(Base64.getUrlDecoder().decode(parts[1])).path(name).asText("")
                    : "";
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return "";
        }
    }

    @Override
    public String toString() {
        return "Tokens[***]";
    }
}
