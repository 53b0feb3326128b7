// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.config.Secret;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.testkit.simulated.SimulatedExchange;
import ai.jan.kong.testkit.simulated.SimulatedKong;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import ai.jan.plugins.auth.token.CheckToken;
import ai.jan.plugins.auth.token.ProviderKeys;
import ai.jan.plugins.auth.token.TestingProvider;
import ai.jan.plugins.auth.token.TokenRules;
import ai.jan.plugins.auth.token.TokenVerifier;
import ai.jan.plugins.keys.ApiKey;
import ai.jan.plugins.keys.ApiKeyVerifier;
import ai.jan.plugins.keys.FindKey;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.KeyUses;
import ai.jan.plugins.revocation.FindRevocation.Verdict;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * jan-auth in a simulated Kong, with one API key and a provider of tokens; a test may break each.
 */
final class TestingAuth {
    static final String KEY = "sk_live_" + "c0ffee".repeat(8);
    static final String CONSUMER = "6f1b2c3d-0000-4000-8000-000000000003";
    private static final TestingProvider PROVIDER = new TestingProvider();
    private static final IdentityKey SHARED = IdentityKey.of("shared with llm-api-lite, 32 bytes");
    private static final Clock CLOCK = Clock.systemUTC();

    private final KeyHasher hasher = new KeyHasher(new Secret("pepper"));
    private final Metrics metrics = new Metrics();
    private final KeyUses uses = new KeyUses(_ -> {}, CLOCK);
    private final ApiKeyVerifier keys =
            new ApiKeyVerifier(hasher, hash -> this.database.find(hash), CLOCK);

    /** Whether the owner of the key has lost roles since it was made. */
    boolean reduced;

    volatile boolean providerDown;
    Verdict revocation = Verdict.GOOD;
    @Nullable String anonymousPlan;
    Requirements requirements = Requirements.NONE;
    @Nullable String resourceMetadata;
    FindKey database =
            hash -> hash.equals(hasher.hash(KEY)) ? Optional.of(key()) : Optional.empty();
    CheckToken tokens =
            new TokenVerifier(
                    new ProviderKeys("test", this::published, CLOCK),
                    new TokenRules(
                            TestingProvider.ISSUER,
                            Set.of(TestingProvider.AUDIENCE),
                            Duration.ofSeconds(10)),
                    CLOCK);

    /** What the plugins that come after jan-auth find. */
    record Followed(String requestId, Optional<Object> sharedIdentity, Optional<String> consumer) {}

    private @Nullable Followed followed;

    static String token() {
        return token(Instant.now());
    }

    static String token(Instant issued) {
        return PROVIDER.token(issued);
    }

    /** A request with these headers, names and values in turns. */
    static SimulatedRequest with(String... namesAndValues) {
        return with("/v1/models", namesAndValues);
    }

    static SimulatedRequest with(String target, List<String> namesAndValues) {
        return with(target, namesAndValues.toArray(String[]::new));
    }

    private static SimulatedRequest with(String target, String[] namesAndValues) {
        var request = SimulatedRequest.get(target);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            request = request.withHeader(namesAndValues[i], namesAndValues[i + 1]);
        }
        return request;
    }

    static SimulatedRequest bearer(String credential) {
        return with("Authorization", "Bearer " + credential);
    }

    SimulatedExchange send(SimulatedRequest request) {
        followed = null;
        return SimulatedKong.builder()
                .consumer("{\"id\":\"" + CONSUMER + "\"}")
                .plugin("jan-auth", 1251, plugin())
                .plugin("after", 1, new After())
                .build()
                .send(request)
                .hasNoFailures()
                .needsRoundTrips(1);
    }

    SimulatedExchange letsIn(SimulatedRequest request) {
        return send(request).isForwarded();
    }

    SimulatedExchange refuses(SimulatedRequest request, int status) {
        return send(request).isNotForwarded().hasStatus(status);
    }

    /** Of the last request, which was let in. */
    Followed followed() {
        if (followed == null) {
            throw new AssertionError("no plugin came after");
        }
        return followed;
    }

    static Identity identity(SimulatedExchange exchange) {
        return new IdentityVerifier("llm-api-lite", List.of(SHARED), CLOCK)
                .verify(exchange.upstream().orElseThrow().header(Identity.HEADER).orElseThrow())
                .orElseThrow();
    }

    private AuthPlugin plugin() {
        return new AuthPlugin(
                new Authenticator(
                        tokens,
                        (_, _, _) -> revocation,
                        keys,
                        uses,
                        new Plans(List.of("guest", "user", "pro", "admin"), Map.of()),
                        new Teams(Set.of("users")),
                        metrics.auth()),
                requirements,
                anonymousPlan,
                new Challenge(resourceMetadata, requirements.scopes()),
                Map.of("pro", CONSUMER),
                new IdentitySigner("llm-api-lite", SHARED, CLOCK),
                false,
                new TraceParent(new SecureRandom()),
                Tracing.OFF);
    }

    private ApiKey key() {
        return new ApiKey(
                "key-1", "owner-1", "pro", Set.of("user"), reduced, Set.of("chat"), "team-x", null);
    }

    private JWKSet published() throws IOException {
        if (providerDown) {
            throw new IOException("connection refused");
        }
        return PROVIDER.published();
    }

    private final class After implements Plugin {
        @Override
        public void access(Kong kong) {
            var id = kong.nginx().getVar("kong_request_id");
            var shared = kong.ctx().shared().get(AuthPlugin.SHARED_IDENTITY);
            var consumer = kong.client().getConsumer();
            followed =
                    new Followed(
                            id.get().orElseThrow(), shared.get(), consumer.get().map(Consumer::id));
        }
    }
}
