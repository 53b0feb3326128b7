// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.auth;

import ai.jan.kit.config.Secret;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.json.Json;
import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.config.ConfigSchema;
import ai.jan.kong.pdk.config.InvalidConfig;
import ai.jan.plugins.Http;
import ai.jan.plugins.auth.AuthConfig;
import ai.jan.plugins.auth.AuthPlugin;
import ai.jan.plugins.auth.AuthServices;
import ai.jan.plugins.auth.token.Providers;
import ai.jan.plugins.keys.ApiKey;
import ai.jan.plugins.keys.ApiKeyVerifier;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.KeyUses;
import ai.jan.plugins.revocation.FindRevocation.Verdict;
import com.nimbusds.jose.JOSEException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The access phase of jan-auth as it is configured in {@code kong.yml}, on one thread: everything
 * but the socket and the look for a revocation, which is one in memory: reading the request,
 * verifying the credential, signing the identity, saying what is to be set.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx512m"})
public class AuthBenchmark {
    private static final String KEY = "sk_live_" + "c0ffee".repeat(8);

    /** jan-auth, a Kong before it and an issuer behind it. */
    @State(Scope.Thread)
    public static class Configured {
        private final ReadyKong kong = new ReadyKong();
        private final Issuer issuer;
        private final AuthPlugin plugin;
        private final String token;

        public Configured() {
            try {
                issuer = new Issuer();
                token = issuer.token();
                plugin =
                        AuthPlugin.definition(AuthBenchmark::services)
                                .factory()
                                .apply(config(issuer));
            } catch (JOSEException | IOException | InvalidConfig e) {
                throw new IllegalStateException("cannot be set up", e);
            }
        }

        @Setup
        public void prepare() throws InterruptedException {
            while (!isAccepted(token)) { // the issuer's keys are being fetched
                Thread.sleep(50);
            }
        }

        @TearDown
        public void stop() {
            issuer.close();
        }

        private boolean isAccepted(String credential) {
            try {
                return run(credential) > 0;
            } catch (IllegalStateException e) {
                return false;
            }
        }

        private int run(String credential) {
            plugin.access(kong.with(credential));
            return kong.swallowed();
        }
    }

    /** More tokens than jan-auth remembers, so that in turns each is new to it. */
    @State(Scope.Thread)
    public static class NewTokens {
        private static final int COUNT = 12_000;

        private final Configured auth = new Configured();
        private final String[] tokens = new String[COUNT];
        private int next;

        @Setup
        public void issue() throws InterruptedException {
            for (var i = 0; i < COUNT; i++) {
                tokens[i] = auth.issuer.token();
            }
            auth.prepare();
        }

        @TearDown
        public void stop() {
            auth.stop();
        }

        private int run() {
            next = (next + 1) % COUNT;
            return auth.run(tokens[next]);
        }
    }

    /** An API key that was used within the last minute. */
    @Benchmark
    public int apiKey(Configured auth) {
        return auth.run(KEY);
    }

    /** An access token that was verified before. */
    @Benchmark
    public int knownToken(Configured auth) {
        return auth.run(auth.token);
    }

    /** An access token signed with RS256 that jan-auth has not seen, or has forgotten. */
    @Benchmark
    public int newToken(NewTokens tokens) {
        return tokens.run();
    }

    private static AuthServices services() {
        var clock = Clock.systemUTC();
        var hasher = new KeyHasher(new Secret("a pepper of more than thirty-two bytes"));
        var hash = hasher.hash(KEY);
        var key =
                new ApiKey(
                        "key-1", "ada", "pro", Set.of("user", "pro"), false, Set.of(), null, null);
        return new AuthServices(
                new ApiKeyVerifier(
                        hasher,
                        asked -> asked.equals(hash) ? Optional.of(key) : Optional.empty(),
                        clock),
                new KeyUses(_ -> {}, clock),
                new Providers(Http.client(), clock),
                (_, _, _) -> Verdict.GOOD,
                Map.of(
                        "llm-api-lite",
                        IdentityKey.of("a key of more than thirty-two bytes, for the benchmark")),
                new Metrics().auth(),
                Tracing.OFF,
                clock,
                new SecureRandom());
    }

    /** As in {@code kong.yml}, with the defaults that Kong fills in. */
    private static AuthConfig config(Issuer issuer) throws InvalidConfig {
        var config =
                Json.object()
                        .put("audience", "llm-api-lite")
                        .put("issuer", Issuer.NAME)
                        .put("jwks_uri", issuer.jwksUri())
                        .put("clock_skew", 10);
        config.putArray("token_audiences").add("llm-api");
        config.putArray("plans").add("guest").add("user").add("pro").add("admin");
        config.putObject("consumers").put("pro", "6a616e00-0000-4000-8000-000000000003");
        return ConfigSchema.of("jan-auth", AuthConfig.class).read(Bytes.of(Json.bytes(config)));
    }
}
