// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Kong;
import ai.jan.plugins.keys.ApiKeyText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a caller shows to prove who they are. Never printed. */
sealed interface Credential {
    /** An access token of the OpenID provider. */
    record Token(String text) implements Credential {
        @Override
        public String toString() {
            return "Token[***]";
        }
    }

    /** An API key of ours. */
    record Key(String text) implements Credential {
        @Override
        public String toString() {
            return "Key[***]";
        }
    }

    /**
     * The one credential of a request, or nothing if it carries none.
     *
     * @throws ApiProblem 401 if there is more than one, or one of another kind
     */
    static Optional<Credential> of(Kong.Headers headers) {
        Set<Credential> found = new LinkedHashSet<>();
        for (var authorization : values(headers, "authorization")) {
            var token = bearer(authorization);
            if (!token.isEmpty()) {
                found.add(token.startsWith(ApiKeyText.PREFIX) ? new Key(token) : new Token(token));
            }
        }
        for (var name : List.of("x-api-key", "apikey")) {
            for (var key : values(headers, name)) {
                if (!key.isBlank()) {
                    found.add(new Key(key.strip()));
                }
            }
        }
        if (values(headers, "authorization").size() > 1 || found.size() > 1) {
            throw ApiProblem.unauthorized(
                    "conflicting_credentials",
                    "The request carries more than one credential. Send either one Authorization"
                            + " header or one X-API-Key header.");
        }
        return found.stream().findFirst();
    }

    /**
     * The token of a bearer header (RFC 6750 2.1; the scheme in any case); empty if it has none.
     */
    private static String bearer(String authorization) {
        var parts = authorization.strip().split("\\s+", 2);
        if (parts[0].isEmpty()) {
            return "";
        }
        if (!parts[0].toLowerCase(Locale.ROOT).equals("bearer")) {
            throw ApiProblem.unauthorized(
                    "invalid_api_key",
                    "The Authorization header must have the form: Authorization: Bearer YOUR_KEY.");
        }
        return parts.length == 2 ? parts[1] : "";
    }

    private static List<String> values(Kong.Headers headers, String name) {
        return headers.values().getOrDefault(name, List.of());
    }
}
