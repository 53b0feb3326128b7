// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.jan.kit.config.Secret;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.json.Json;
import ai.jan.kit.metrics.Metrics;
import ai.jan.plugins.TestingKong;
import ai.jan.plugins.TestingKong.Exited;
import ai.jan.plugins.auth.token.CheckToken;
import ai.jan.plugins.auth.token.ProviderKeys;
import ai.jan.plugins.auth.token.TestingProvider;
import ai.jan.plugins.auth.token.TokenRules;
import ai.jan.plugins.auth.token.TokenVerifier;
import ai.jan.plugins.auth.token.TrustedIssuers;
import ai.jan.plugins.keys.ApiKey;
import ai.jan.plugins.keys.ApiKeyVerifier;
import ai.jan.plugins.keys.FindKey;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.KeyUses;
import ai.jan.plugins.revocation.FindRevocation.Verdict;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthPluginTest {
    private static final TestingProvider PROVIDER = new TestingProvider();
    private static final String KEY = "sk_live_" + "c0ffee".repeat(8);
    private static final IdentityKey SHARED = IdentityKey.of("shared with llm-api-lite, 32 bytes");
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static final String CONSUMER = "6f1b2c3d-0000-4000-8000-000000000003";

    private final KeyHasher hasher = new KeyHasher(new Secret("pepper"));
    private volatile boolean providerDown;
    private volatile boolean reduced;
    private String anonymousPlan;
    private volatile Verdict revocation = Verdict.GOOD;
    private volatile FindKey database =
            hash ->
                    hash.equals(hasher.hash(KEY))
                            ? Optional.of(
                                    new ApiKey(
                                            "key-1",
                                            "owner-1",
                                            "pro",
                                            Set.of("user"),
                                            reduced,
                                            Set.of("chat"),
                                            "team-x",
                                            null))
                            : Optional.empty();
    private final KeyUses uses = new KeyUses(_ -> {}, Clock.systemUTC());
    private final Metrics metrics = new Metrics();
    private final AuthPlugin plugin = plugin(tokens());

    private TokenVerifier tokens() {
        return new TokenVerifier(
                new ProviderKeys(
                        "test",
                        () -> {
                            if (providerDown) {
                                throw new IOException("connection refused");
                            }
                            return PROVIDER.published();
                        },
                        Clock.systemUTC()),
                new TokenRules(
                        TestingProvider.ISSUER,
                        Set.of(TestingProvider.AUDIENCE),
                        Duration.ofSeconds(10)),
                Clock.systemUTC());
    }

    private AuthPlugin plugin(CheckToken tokens) {
        return plugin(tokens, Requirements.NONE, new Challenge(null, Set.of()));
    }

    private AuthPlugin plugin(CheckToken tokens, Requirements requirements, Challenge challenge) {
        return new AuthPlugin(
                new Authenticator(
                        tokens,
                        (_, _, _) -> revocation,
                        new ApiKeyVerifier(hasher, hash -> database.find(hash), Clock.systemUTC()),
                        uses,
                        new Plans(List.of("guest", "user", "pro", "admin"), Map.of()),
                        new Teams(Set.of("users")),
                        metrics.auth()),
                requirements,
                anonymousPlan,
                challenge,
                Map.of("pro", CONSUMER),
                new IdentitySigner("llm-api-lite", SHARED, Clock.systemUTC()),
                false,
                new TraceParent(new SecureRandom()));
    }

    @Test
    void tellsTheServiceWhoHoldsTheToken() {
        var kong = bearer(PROVIDER.token(Instant.now()));
        plugin.access(kong);
        assertThat(identityIn(kong))
                .isEqualTo(
                        new Identity(
                                TestingProvider.SUBJECT,
                                Identity.Method.JWT,
                                Set.of("offline_access", "user"),
                                Set.of("openid", "profile"),
                                "user",
                                "team-a",
                                null,
                                TestingKong.REQUEST_ID));
        assertThat(kong.downstream)
                .containsEntry("X-Auth-Method", List.of("jwt"))
                .containsEntry("X-Principal-Id", List.of(TestingProvider.SUBJECT))
                .containsEntry("X-User-ID", List.of(TestingProvider.SUBJECT));
    }

    @Test
    void tellsTheServiceWhoseKeyItIs() {
        var kong = TestingKong.with("x-api-key", KEY);
        plugin.access(kong);
        assertThat(identityIn(kong))
                .isEqualTo(
                        new Identity(
                                "owner-1",
                                Identity.Method.API_KEY,
                                Set.of("user"),
                                Set.of("chat"),
                                "pro",
                                "team-x",
                                "key-1",
                                TestingKong.REQUEST_ID));
        assertThat(kong.downstream).containsEntry("X-Auth-Method", List.of("apikey"));
    }

    @Test
    void waitsForKongOnce() {
        for (var credential : List.of(KEY, PROVIDER.token(Instant.now()))) {
            var kong = bearer(credential);
            plugin.access(kong);
            assertThat(kong.roundTrips).isEqualTo(1);
        }
        var refused = TestingKong.with("accept", "*/*");
        refusal(refused);
        assertThat(refused.roundTrips).isEqualTo(1);
    }

    @Test
    void takesAwayEverythingByWhichACallerCouldClaimToBeSomebody() {
        var kong =
                TestingKong.with(
                        "Authorization", "Bearer " + KEY,
                        "X-API-Key", KEY,
                        "apikey", KEY,
                        "Proxy-Authorization", "Basic x",
                        "X-Jan-Identity", "forged",
                        "x-jan-identity", "forged twice",
                        "X_Jan_Identity", "forged",
                        "X-Jan-Reservation", "forged",
                        "X-User-Id", "victim",
                        "X_USER-id", "victim",
                        "X-Consumer-Username", "admin",
                        "X-Scopes", "all",
                        "X-Plan", "admin",
                        "Accept", "*/*");
        plugin.access(kong);
        assertThat(kong.upstream).containsOnlyKeys("accept", "X-Jan-Identity", "traceparent");
        assertThat(identityIn(kong).subject()).isEqualTo("owner-1");
    }

    @Test
    void keepsAValidTrace() {
        var kong =
                TestingKong.with(
                        "authorization",
                        "Bearer " + KEY,
                        "traceparent",
                        TRACE,
                        "tracestate",
                        "a=b");
        plugin.access(kong);
        assertThat(kong.upstream)
                .containsEntry("traceparent", List.of(TRACE))
                .containsEntry("tracestate", List.of("a=b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "junk", "00-0-0-00"})
    void replacesAnInvalidTrace(String value) {
        var kong =
                TestingKong.with(
                        "authorization",
                        "Bearer " + KEY,
                        "traceparent",
                        value,
                        "tracestate",
                        "a=b");
        plugin.access(kong);
        assertThat(kong.upstream.get("traceparent").getFirst())
                .isNotEqualTo(value)
                .matches(TraceParent::isValid);
        assertThat(kong.upstream).doesNotContainKey("tracestate");
    }

    @Test
    void refusesARequestWithoutACredentialInTheShapeThatClientsExpect() throws IOException {
        var refusal = refusal(TestingKong.with("x-user-id", "victim"));
        assertThat(refusal.status).isEqualTo(401);
        assertThat(refusal.headers)
                .containsEntry("Content-Type", List.of("application/json"))
                .containsEntry("X-Request-Id", List.of(TestingKong.REQUEST_ID));
        var body = Json.parse(refusal.body);
        assertThat(body.at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(body.at("/error").has("param")).isTrue();
        assertThat(body.at("/error/code").isNull()).isTrue();
        assertThat(body.at("/error/message").asText()).contains("Authorization");
        assertThat(body.at("/message")).isEqualTo(body.at("/error/message"));
        assertThat(body.at("/request_id").asText()).isEqualTo(TestingKong.REQUEST_ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk_live_000000000000000000000000000000000000000000000000",
                "sk_live_' OR '1'='1",
                "sk-proj-something-of-openai",
                "'; SELECT pg_sleep(10) --",
                "\u0000",
                "\u0080\u00c0\u00af",
                "日本語",
                "eyJhbGciOiJub25lIn0.e30.",
                "bnVsbA.bnVsbA.bnVsbA"
            })
    void refusesAWrongCredential(String credential) {
        assertWrong(bearer(credential));
        assertWrong(TestingKong.with("x-api-key", credential));
    }

    @Test
    void refusesAnEndlessCredential() {
        assertWrong(bearer("x".repeat(8192)));
        assertWrong(bearer("sk_live_" + "a".repeat(8192)));
    }

    @Test
    void saysThatATokenHasExpired() throws IOException {
        var refusal = refusal(bearer(PROVIDER.token(Instant.now().minusSeconds(3600))));
        assertThat(refusal.status).isEqualTo(401);
        assertThat(message(refusal)).contains("expired");
    }

    @Test
    void refusesARequestWithMoreHeadersThanItCanSee() {
        var kong = new TestingKong(Map.of("authorization", List.of("Bearer " + KEY)), true);
        assertThat(refusal(kong).status).isEqualTo(431);
    }

    @Test
    void refusesWithoutBlamingTheCallerWhenTheDatabaseIsDown() throws IOException {
        database =
                _ -> {
                    throw new IllegalStateException("connection refused by db.internal");
                };
        assertUnavailable(refusal(bearer(KEY)));
    }

    @Test
    void refusesWithoutBlamingTheCallerWhenTheProviderIsDown() throws IOException {
        providerDown = true;
        assertUnavailable(refusal(bearer(PROVIDER.token(Instant.now()))));
    }

    @Test
    void acceptsNoTokenWhenNoProviderIsConfigured() throws IOException {
        var unconfigured = plugin(TrustedIssuers.none());
        var kong = bearer(PROVIDER.token(Instant.now()));
        assertUnavailable(catchThrowableOfType(Exited.class, () -> unconfigured.access(kong)));
        unconfigured.access(bearer(KEY));
    }

    @Test
    void refusesARevokedTokenAndOneOfWhichNobodyCanTell() throws IOException {
        var token = PROVIDER.token(Instant.now());
        plugin.access(bearer(token));
        revocation = Verdict.REVOKED;
        assertWrong(bearer(token));
        revocation = Verdict.UNKNOWN;
        assertUnavailable(refusal(bearer(token)));
        plugin.access(bearer(KEY));
    }

    @Test
    void lastsWhateverIsInTheHeaders() {
        Map<String, List<String>> odd = new LinkedHashMap<>();
        odd.put("", List.of(""));
        odd.put("authorization", Collections.nCopies(40, "\u0000"));
        odd.put("x-api-key", List.of());
        assertThat(refusal(new TestingKong(odd, false)).status).isEqualTo(401);
    }

    @Test
    void namesTheConsumerThatStandsForThePlan() {
        var pro = bearer(KEY);
        plugin.access(pro);
        assertThat(pro.consumer).isEqualTo(CONSUMER);
        var user = bearer(PROVIDER.token(Instant.now()));
        plugin.access(user);
        assertThat(user.consumer).isNull();
    }

    @Test
    void givesAKeyNoHigherPlanThanItsOwnerHasLeft() {
        reduced = true;
        var kong = bearer(KEY);
        plugin.access(kong);
        assertThat(identityIn(kong).plan()).isEqualTo("user");
    }

    @Test
    void letsInWhoSendsNoCredentialOnlyWhereThatIsConfigured() {
        assertThat(refusal(TestingKong.with("accept", "*/*")).status).isEqualTo(401);
        anonymousPlan = "guest";
        var open = plugin(tokens());
        var kong = TestingKong.with("x-user-id", "somebody");
        open.access(kong);
        assertThat(identityIn(kong))
                .isEqualTo(
                        new Identity(
                                "anonymous:" + TestingKong.REQUEST_ID,
                                Identity.Method.ANONYMOUS,
                                Set.of(),
                                Set.of(),
                                "guest",
                                "anonymous",
                                null,
                                TestingKong.REQUEST_ID));
        assertThat(kong.downstream).containsEntry("X-Auth-Method", List.of("anonymous"));
        for (var wrong : List.of(bearer("wrong"), bearer("sk_live_" + "0".repeat(48)))) {
            var refusal = catchThrowableOfType(Exited.class, () -> open.access(wrong));
            assertThat(refusal.status).as("a wrong credential is not none").isEqualTo(401);
        }
    }

    @Test
    void passesNoCredentialOn() {
        var kong =
                TestingKong.with(
                        "authorization", "Bearer " + KEY,
                        "cookie", "refresh_token=x; theme=dark",
                        "proxy-authorization", "Basic x");
        kong.query = "limit=2&api_key=" + KEY;
        plugin.access(kong);
        assertThat(kong.upstream).containsOnlyKeys("X-Jan-Identity", "traceparent");
        assertThat(kong.query).isEqualTo("limit=2");
        assertThat(kong.roundTrips).isEqualTo(1);
    }

    @Test
    void acceptsNoCredentialFromTheQueryOrACookie() {
        var kong = TestingKong.with("cookie", "access_token=" + KEY + "; apikey=" + KEY);
        kong.query = "api_key=" + KEY + "&access_token=" + KEY;
        assertThat(refusal(kong).status).isEqualTo(401);
    }

    @Test
    void tellsThePluginsThatComeAfter() {
        var kong = bearer(KEY);
        plugin.access(kong);
        assertThat(kong.shared)
                .containsEntry(
                        AuthPlugin.SHARED_IDENTITY, kong.upstream.get("X-Jan-Identity").getFirst());
    }

    @Test
    void refusesWhoLacksARoleOrAScope() throws IOException {
        for (var requirements :
                List.of(
                        new Requirements(Set.of("admin", "operator"), Set.of()),
                        new Requirements(Set.of(), Set.of("chat", "mcp")))) {
            var strict = plugin(tokens(), requirements, new Challenge(null, requirements.scopes()));
            var kong = bearer(KEY);
            var refusal = catchThrowableOfType(Exited.class, () -> strict.access(kong));
            assertThat(refusal.status).isEqualTo(403);
            assertThat(Json.parse(refusal.body).at("/error/code").asText())
                    .isEqualTo("insufficient_permissions");
            assertThat(refusal.headers.get("WWW-Authenticate").getFirst())
                    .startsWith("Bearer error=\"insufficient_scope\"");
            assertThat(kong.upstream).doesNotContainKey("X-Jan-Identity");
        }
        var fitting = new Requirements(Set.of("admin", "user"), Set.of("chat"));
        plugin(tokens(), fitting, new Challenge(null, Set.of())).access(bearer(KEY));
    }

    @Test
    void tellsWhereTheAuthorizationServerIsFound() {
        var metadata = "https://api.example.com/.well-known/oauth-protected-resource/mcp";
        var mcp = plugin(tokens(), Requirements.NONE, new Challenge(metadata, Set.of()));
        var none = catchThrowableOfType(Exited.class, () -> mcp.access(TestingKong.with()));
        assertThat(none.headers)
                .containsEntry(
                        "WWW-Authenticate",
                        List.of("Bearer resource_metadata=\"" + metadata + "\""));
        var wrong = catchThrowableOfType(Exited.class, () -> mcp.access(bearer("wrong")));
        assertThat(wrong.headers)
                .containsEntry(
                        "WWW-Authenticate",
                        List.of(
                                "Bearer error=\"invalid_token\", resource_metadata=\""
                                        + metadata
                                        + "\""));
        providerDown = true;
        var unavailable =
                catchThrowableOfType(
                        Exited.class, () -> mcp.access(bearer(PROVIDER.token(Instant.now()))));
        assertThat(unavailable.headers).doesNotContainKey("WWW-Authenticate");
    }

    private static TestingKong bearer(String credential) {
        return TestingKong.with("authorization", "Bearer " + credential);
    }

    private Exited refusal(TestingKong kong) {
        var before = Map.copyOf(kong.upstream);
        var exited = catchThrowableOfType(Exited.class, () -> plugin.access(kong));
        assertThat(exited).isNotNull();
        assertThat(kong.upstream).isEqualTo(before);
        return exited;
    }

    private void assertWrong(TestingKong kong) {
        var refusal = refusal(kong);
        assertThat(refusal.status).isEqualTo(401);
        assertThat(refusal.body).contains("\"code\":\"invalid_api_key\"");
    }

    private static void assertUnavailable(Exited refusal) throws IOException {
        assertThat(refusal.status).isEqualTo(503);
        assertThat(refusal.headers).containsKey("Retry-After");
        assertThat(message(refusal)).contains("cannot be checked").doesNotContain("internal");
    }

    private static String message(Exited refusal) throws IOException {
        JsonNode body = Json.parse(refusal.body);
        return body.at("/error/message").asText();
    }

    private static Identity identityIn(TestingKong kong) {
        return new IdentityVerifier("llm-api-lite", List.of(SHARED), Clock.systemUTC())
                .verify(kong.upstream.get("X-Jan-Identity").getFirst())
                .orElseThrow();
    }
}
