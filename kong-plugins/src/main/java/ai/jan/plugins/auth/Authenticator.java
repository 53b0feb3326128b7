// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.metrics.AuthMetrics;
import ai.jan.kit.metrics.AuthMetrics.Outcome;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.auth.token.AccessToken;
import ai.jan.plugins.auth.token.CheckToken;
import ai.jan.plugins.auth.token.TokenCheck;
import ai.jan.plugins.auth.token.TokenCheck.Reason;
import ai.jan.plugins.keys.ApiKey;
import ai.jan.plugins.keys.ApiKeyVerifier;
import ai.jan.plugins.keys.KeyCheck;
import ai.jan.plugins.keys.KeyUses;
import ai.jan.plugins.revocation.FindRevocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a credential into a caller, or says why not. Thread-safe. */
final class Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
    private static final String RETRY_SECONDS = "2";

    private final CheckToken tokens;
    private final FindRevocation revoked;
    private final ApiKeyVerifier keys;
    private final KeyUses uses;
    private final Plans plans;
    private final Teams teams;
    private final AuthMetrics metrics;

    Authenticator(
            CheckToken tokens,
            FindRevocation revoked,
            ApiKeyVerifier keys,
            KeyUses uses,
            Plans plans,
            Teams teams,
            AuthMetrics metrics) {
        this.tokens = tokens;
        this.revoked = revoked;
        this.keys = keys;
        this.uses = uses;
        this.plans = plans;
        this.teams = teams;
        this.metrics = metrics;
    }

    /**
     * @throws ApiProblem 401 if the credential proves nothing, 503 if nobody can tell
     */
    Caller authenticate(Credential credential) {
        var kind =
                credential instanceof Credential.Key
                        ? AuthMetrics.Credential.API_KEY
                        : AuthMetrics.Credential.TOKEN;
        try {
            var caller = checked(credential);
            metrics.checked(kind, Outcome.ACCEPTED);
            return caller;
        } catch (ApiProblem problem) {
            metrics.checked(kind, problem.status() == 503 ? Outcome.UNAVAILABLE : Outcome.REFUSED);
            throw problem;
        }
    }

    private Caller checked(Credential credential) {
        return switch (credential) {
            case Credential.Key(var text) ->
                    switch (keys.check(text)) {
                        case KeyCheck.Accepted(var key) -> {
                            uses.add(key.id());
                            yield caller(key);
                        }
                        case KeyCheck.Refused() -> throw wrong("Incorrect API key provided.");
                        case KeyCheck.Unavailable() -> throw unavailable();
                    };
            case Credential.Token(var text) ->
                    switch (tokens.check(text)) {
                        case TokenCheck.Accepted(var token) -> caller(notRevoked(token));
                        case TokenCheck.Refused(var reason) -> throw refused(reason);
                        case TokenCheck.Unavailable() -> throw unavailable();
                    };
        };
    }

    private AccessToken notRevoked(AccessToken token) {
        return switch (revoked.verdict(token.session(), token.subject(), token.issuedAt())) {
            case GOOD -> token;
            case REVOKED -> throw wrong("The access token has been revoked. Log in again.");
            case UNKNOWN -> throw unavailable();
        };
    }

    private Caller caller(AccessToken token) {
        return new Caller(
                token.subject(),
                Identity.Method.JWT,
                token.roles(),
                token.scopes(),
                plans.of(token.roles()),
                teams.of(token.groups()),
                null,
                token.person());
    }

    private Caller caller(ApiKey key) {
        return Caller.of(key, key.isReduced() ? plans.lower(key.plan(), key.roles()) : key.plan());
    }

    private static ApiProblem refused(Reason reason) {
        LOG.debug("token refused: {}", reason);
        return wrong(
                switch (reason) {
                    case NOT_A_TOKEN -> "Incorrect API key provided.";
                    case EXPIRED -> "The access token has expired. Get a new one and try again.";
                    case NOT_AN_ACCESS_TOKEN ->
                            "This token is not an access token. Send the access token.";
                    case ALGORITHM,
                            UNKNOWN_KEY,
                            SIGNATURE,
                            ISSUER,
                            AUDIENCE,
                            NOT_YET_VALID,
                            CLAIMS ->
                            "The access token is not valid here.";
                });
    }

    private static ApiProblem wrong(String message) {
        return ApiProblem.unauthorized("invalid_api_key", message);
    }

    private static ApiProblem unavailable() {
        return ApiProblem.unavailable(
                        "authentication_unavailable",
                        "Your credential cannot be checked at the moment. Try again shortly.")
                .header("Retry-After", RETRY_SECONDS);
    }
}
