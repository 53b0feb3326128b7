// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.keycloak.Deadline;
import ai.jan.plugins.keycloak.TokenEndpoint;
import ai.jan.plugins.revocation.Revocations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** How a session goes on, and how it ends. */
final class SessionEndpoints {
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final String REFRESH_TOKEN = "refresh_token";
    private static final int MAX_TOKEN = 16 * 1024;

    private final TokenEndpoint tokens;
    private final String client;
    private final Revocations revocations;
    private final InstantSource clock;

    /**
     * @param client the public client that tokens are for
     */
    SessionEndpoints(
            TokenEndpoint tokens, String client, Revocations revocations, InstantSource clock) {
        this.tokens = tokens;
        this.client = client;
        this.revocations = revocations;
        this.clock = clock;
    }

    void addTo(Endpoints endpoints) {
        for (var method : new String[] {"GET", "POST"}) {
            endpoints
                    .on(method, "/auth/refresh-token", (call, _) -> refresh(call))
                    .on(method, "/auth/logout", (call, _) -> logout(call));
        }
    }

    private Reply refresh(Call call) {
        var token =
                refreshToken(call)
                        .or(call::bearer)
                        .orElseThrow(() ->
                                ApiProblem.badRequest(
                                        "refresh_token_required",
                                        REFRESH_TOKEN,
                                        "Send the refresh token as refresh_token in the body, in the"
                                                + " cookie, or as Authorization: Bearer."));
        var fresh =
                tokens.byRefresh(client, token, Deadline.in(PATIENCE))
                        .orElseThrow(() ->
                                ApiProblem.unauthorized(
                                        "invalid_refresh_token",
                                        "The refresh token is not valid, or its session has ended."
                                                + " Log in again."));
        return Reply.of(200, IssuedTokens.body(fresh, clock.instant()))
                .with(IssuedTokens.cookie(fresh));
    }

    private static Optional<String> refreshToken(Call call) {
        return call.text(REFRESH_TOKEN, MAX_TOKEN).or(() -> call.cookie(IssuedTokens.COOKIE));
    }

    /**
     * Ends the sessions of all tokens that came with the call. What is no token of ours, or of a
     * session that has ended, changes nothing: the client is logged out in any case.
     */
    private Reply logout(Call call) {
        var deadline = Deadline.in(PATIENCE);
        refreshToken(call)
                .flatMap(token -> tokens.endByRefresh(client, token, deadline))
                .ifPresent(this::revoke);
        call.bearer()
                .filter(token -> !token.startsWith("sk_"))
                .ifPresent(token -> end(token, deadline));
        return Reply.of(200, Json.object().put("status", "logged out"))
                .with(Cookies.cleared(IssuedTokens.COOKIE));
    }

    /**
     * Revokes before it ends the session, because afterwards the token proves nothing: if the
     * database is down the client can try again.
     */
    private void end(String token, Deadline deadline) {
        var session = tokens.byAccess(token, deadline);
        if (session.isPresent()) {
            revoke(session.get().id());
            tokens.end(session.get(), deadline);
        } else {
            tokens.endByRefresh(client, token, deadline).ifPresent(this::revoke);
        }
    }

    private void revoke(String session) {
        revocations.session(session, clock.instant().plus(Revocations.LONGEST_TOKEN));
    }
}
