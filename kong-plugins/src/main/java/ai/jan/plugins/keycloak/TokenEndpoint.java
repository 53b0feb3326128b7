// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.kit.config.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * The realm's endpoints for tokens and sessions. People's tokens belong to the public client that
 * their applications use; only to end a session by its access token, and for its own service
 * account, the confidential client comes in. Thread-safe.
 */
public final class TokenEndpoint {
    private static final String GRANT = "grant_type";
    private static final String CLIENT = "client_id";
    private static final String REFRESH_TOKEN = "refresh_token";
    private static final Set<String> REFUSALS =
            Set.of("invalid_grant", "invalid_request", "invalid_token", "access_denied");
    private static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";

    private final KeycloakHttp http;
    private final HttpUrl endpoints;
    private final String client;
    private final Secret secret;

    TokenEndpoint(KeycloakHttp http, HttpUrl realm, String client, Secret secret) {
        this.http = http;
        this.endpoints = realm.newBuilder().addPathSegments("protocol/openid-connect").build();
        this.client = client;
        this.secret = secret;
    }

    /**
     * Tokens for a name and a password.
     *
     * @param publicClient they are for
     * @return nothing if Keycloak refuses them
     */
    public Optional<Tokens> byPassword(
            String publicClient, String username, String password, Deadline deadline) {
        return tokens(
                Map.of(
                        GRANT,
                        "password",
                        CLIENT,
                        publicClient,
                        "username",
                        username,
                        "password",
                        password),
                deadline);
    }

    /**
     * New tokens of the same session.
     *
     * @return nothing if the session has ended, or the token is none
     */
    public Optional<Tokens> byRefresh(String publicClient, String refreshToken, Deadline deadline) {
        return tokens(
                Map.of(GRANT, REFRESH_TOKEN, CLIENT, publicClient, REFRESH_TOKEN, refreshToken),
                deadline);
    }

    /**
     * The tokens of a login in the browser.
     *
     * @param verifier of PKCE (RFC 7636)
     * @return nothing if the code was used before, has expired, or belongs to another login
     */
    public Optional<Tokens> byCode(
            String publicClient,
            String code,
            String verifier,
            String redirectUri,
            Deadline deadline) {
        return tokens(
                Map.of(
                        GRANT,
                        "authorization_code",
                        CLIENT,
                        publicClient,
                        "code",
                        code,
                        "code_verifier",
                        verifier,
                        "redirect_uri",
                        redirectUri),
                deadline);
    }

    private Optional<Tokens> tokens(Map<String, String> form, Deadline deadline) {
        var answer = http.post(endpoint("token"), form, deadline);
        return isRefused(answer) ? Optional.empty() : Optional.of(Tokens.of(answer.body()));
    }

    /**
     * Ends the session of a refresh token.
     *
     * @return the session's id, also if it had ended before; nothing if the token is none of ours
     */
    public Optional<String> endByRefresh(
            String publicClient, String refreshToken, Deadline deadline) {
        var form = Map.of(CLIENT, publicClient, REFRESH_TOKEN, refreshToken);
        return isRefused(http.post(endpoint("logout"), form, deadline))
                ? Optional.empty()
                : session(refreshToken);
    }

    /** A session that an access token has proved, still to be ended. */
    public record OpenSession(String id, String refreshToken) {
        @Override
        public String toString() {
            return "OpenSession[" + id + "]";
        }
    }

    /**
     * The session of an access token: the token is exchanged (RFC 8693) for one of our own client
     * in the same session, which takes no right over anybody.
     *
     * @return nothing if the token has expired, or its session has ended
     */
    public Optional<OpenSession> byAccess(String accessToken, Deadline deadline) {
        var answer =
                http.post(
                        endpoint("token"),
                        Map.of(
                                GRANT,
                                "urn:ietf:params:oauth:grant-type:token-exchange",
                                CLIENT,
                                client,
                                "client_secret",
                                secret.reveal(),
                                "subject_token",
                                accessToken,
                                "subject_token_type",
                                TOKEN_TYPE + "access_token",
                                "requested_token_type",
                                TOKEN_TYPE + REFRESH_TOKEN),
                        deadline);
        if (isRefused(answer)) {
            return Optional.empty();
        }
        var token = answer.body().path(REFRESH_TOKEN).asText("");
        return session(token).map(id -> new OpenSession(id, token));
    }

    public void end(OpenSession session, Deadline deadline) {
        http.post(
                endpoint("logout"),
                Map.of(
                        CLIENT,
                        client,
                        "client_secret",
                        secret.reveal(),
                        REFRESH_TOKEN,
                        session.refreshToken()),
                deadline);
    }

    /** The token of our own service account. */
    KeycloakHttp.Answer serviceToken(Deadline deadline) {
        var answer =
                http.post(
                        endpoint("token"),
                        Map.of(
                                GRANT,
                                "client_credentials",
                                CLIENT,
                                client,
                                "client_secret",
                                secret.reveal()),
                        deadline);
        if (!answer.isSuccess()) {
            throw unknownClient(answer);
        }
        return answer;
    }

    private static Optional<String> session(String token) {
        return Optional.of(Tokens.claim(token, "sid")).filter(id -> !id.isEmpty());
    }

    /**
     * Whether what the user brought is not accepted.
     *
     * @throws KeycloakUnavailable if it is us who are not
     */
    private static boolean isRefused(KeycloakHttp.Answer answer) {
        if (answer.isSuccess()) {
            return false;
        }
        if (REFUSALS.contains(answer.error())) {
            return true;
        }
        throw unknownClient(answer);
    }

    private static KeycloakUnavailable unknownClient(KeycloakHttp.Answer answer) {
        return new KeycloakUnavailable(
                "the realm refuses our client: " + answer.status() + " " + answer.error());
    }

    private HttpUrl endpoint(String name) {
        return endpoints.newBuilder().addPathSegment(name).build();
    }
}
