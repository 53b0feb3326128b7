// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static ai.jan.plugins.auth.TestingAuth.KEY;
import static ai.jan.plugins.auth.TestingAuth.bearer;
import static ai.jan.plugins.auth.TestingAuth.token;
import static ai.jan.plugins.auth.TestingAuth.with;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.kong.testkit.simulated.SimulatedExchange;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import ai.jan.plugins.auth.token.TrustedIssuers;
import ai.jan.plugins.revocation.FindRevocation.Verdict;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is refused, and what they are told. */
class AuthRefusalsTest {
    private static final String CHALLENGE = "WWW-Authenticate";

    private final TestingAuth auth = new TestingAuth();

    @Test
    void refusesARequestWithoutACredentialInTheShapeThatClientsExpect() throws IOException {
        var refusal = auth.refuses(with("X-User-Id", "victim"), 401);
        refusal.hasHeader("Content-Type", "application/json");
        var body = body(refusal);
        assertThat(body.at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(body.at("/error").has("param")).isTrue();
        assertThat(body.at("/error/code").isNull()).isTrue();
        assertThat(body.at("/error/message").asText()).contains("Authorization");
        assertThat(body.at("/message")).isEqualTo(body.at("/error/message"));
        assertThat(body.at("/request_id").asText()).isNotEmpty();
        refusal.hasHeader("X-Request-Id", body.at("/request_id").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk_live_000000000000000000000000000000000000000000000000",
                "sk_live_' OR '1'='1",
                "sk-proj-something-of-openai",
                "'; SELECT pg_sleep(10) --",
                "\u0001",
                "\u0080\u00c0\u00af",
                "日本語",
                "eyJhbGciOiJub25lIn0.e30.",
                "bnVsbA.bnVsbA.bnVsbA"
            })
    void refusesAWrongCredential(String credential) throws IOException {
        assertWrong(bearer(credential));
        assertWrong(with("X-API-Key", credential));
    }

    @Test
    void refusesAnEndlessCredential() throws IOException {
        assertWrong(bearer("x".repeat(8192)));
        assertWrong(bearer("sk_live_" + "a".repeat(8192)));
    }

    @Test
    void saysThatATokenHasExpired() throws IOException {
        var refusal = auth.refuses(bearer(token(Instant.now().minusSeconds(3600))), 401);
        assertThat(message(refusal)).contains("expired");
    }

    @Test
    void refusesARequestWithMoreHeadersThanItCanSee() {
        var request = bearer(KEY);
        for (int i = 0; i < 1000; i++) {
            request = request.withHeader("X-Header-" + i, "x");
        }
        auth.refuses(request, 431);
    }

    @Test
    void refusesWithoutBlamingTheCallerWhenTheDatabaseIsDown() throws IOException {
        auth.database =
                _ -> {
                    throw new IllegalStateException("connection refused by db.internal");
                };
        assertUnavailable(bearer(KEY));
    }

    @Test
    void refusesWithoutBlamingTheCallerWhenTheProviderIsDown() throws IOException {
        auth.providerDown = true;
        assertUnavailable(bearer(token()));
    }

    @Test
    void acceptsNoTokenWhenNoProviderIsConfigured() throws IOException {
        auth.tokens = TrustedIssuers.none();
        assertUnavailable(bearer(token()));
        auth.letsIn(bearer(KEY));
    }

    @Test
    void refusesARevokedTokenAndOneOfWhichNobodyCanTell() throws IOException {
        var token = token();
        auth.letsIn(bearer(token));
        auth.revocation = Verdict.REVOKED;
        assertWrong(bearer(token));
        auth.revocation = Verdict.UNKNOWN;
        assertUnavailable(bearer(token));
        auth.letsIn(bearer(KEY));
    }

    @Test
    void refusesMoreThanOneCredentialOfAKind() {
        var request = with("X-API-Key", "");
        for (int i = 0; i < 40; i++) {
            request = request.withHeader("Authorization", "Bearer " + KEY);
        }
        auth.refuses(request, 401);
    }

    @Test
    void acceptsNoCredentialFromTheQueryOrACookie() {
        auth.refuses(
                with(
                        "/v1/models?api_key=" + KEY + "&access_token=" + KEY,
                        List.of("Cookie", "access_token=" + KEY + "; apikey=" + KEY)),
                401);
    }

    @Test
    void refusesWhoLacksARoleOrAScope() throws IOException {
        for (var lacking :
                List.of(
                        new Requirements(Set.of("admin", "operator"), Set.of()),
                        new Requirements(Set.of(), Set.of("chat", "mcp")))) {
            auth.requirements = lacking;
            var refusal = auth.refuses(bearer(KEY), 403);
            assertThat(body(refusal).at("/error/code").asText())
                    .isEqualTo("insufficient_permissions");
            assertThat(refusal.response().headers().first(CHALLENGE).orElseThrow())
                    .startsWith("Bearer error=\"insufficient_scope\"");
        }
        auth.requirements = new Requirements(Set.of("admin", "user"), Set.of("chat"));
        auth.letsIn(bearer(KEY));
    }

    @Test
    void tellsWhereTheAuthorizationServerIsFound() {
        var metadata = "https://api.example.com/.well-known/oauth-protected-resource/mcp";
        auth.resourceMetadata = metadata;
        auth.refuses(with(), 401)
                .hasHeader(CHALLENGE, "Bearer resource_metadata=\"" + metadata + "\"");
        auth.refuses(bearer("wrong"), 401)
                .hasHeader(
                        CHALLENGE,
                        "Bearer error=\"invalid_token\", resource_metadata=\"" + metadata + "\"");
        auth.providerDown = true;
        auth.refuses(bearer(token()), 503).hasNoHeader(CHALLENGE);
    }

    private void assertWrong(SimulatedRequest request) throws IOException {
        var refusal = auth.refuses(request, 401);
        assertThat(body(refusal).at("/error/code").asText()).isEqualTo("invalid_api_key");
    }

    private void assertUnavailable(SimulatedRequest request) throws IOException {
        var refusal = auth.refuses(request, 503);
        assertThat(refusal.response().headers().has("Retry-After")).isTrue();
        assertThat(message(refusal)).contains("cannot be checked").doesNotContain("internal");
    }

    private static String message(SimulatedExchange refusal) throws IOException {
        return body(refusal).at("/error/message").asText();
    }

    private static JsonNode body(SimulatedExchange refusal) throws IOException {
        return Json.parse(refusal.response().body().utf8());
    }
}
