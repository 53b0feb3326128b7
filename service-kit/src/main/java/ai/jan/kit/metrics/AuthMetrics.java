// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import ai.jan.kit.metrics.Readings.Reading;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How credentials are checked:
 *
 * <ul>
 *   <li>{@code jan_auth_checks_total{credential,outcome}}: {@code api_key} or {@code token}; {@code
 *       accepted}, {@code refused}, {@code unavailable}
 *   <li>{@code jan_auth_key_cache_total{result}}: whether an API key was remembered ({@code hit})
 *       or had to be looked up ({@code miss})
 *   <li>{@code jan_auth_jwks_age_seconds{provider}}: since signature keys were fetched last; as
 *       long as tokens come they are fetched every five minutes
 *   <li>{@code jan_auth_jwks_fetches_total{provider,outcome}}: {@code ok}, {@code failed}
 * </ul>
 *
 * A provider is a host that the configuration names. Thread-safe.
 */
public final class AuthMetrics {
    /** What is checked. */
    public enum Credential {
        API_KEY,
        TOKEN
    }

    /** What became of it. */
    public enum Outcome {
        ACCEPTED,
        REFUSED,
        UNAVAILABLE
    }

    /** How often API keys were remembered and looked up. */
    public record KeyCache(long hits, long misses) {}

    /**
     * How the signature keys of a provider are.
     *
     * @param age since they were fetched; if they never were, since that was tried first
     */
    public record KeySet(String provider, Duration age, long fetched, long failed) {
        /** Both as one. */
        public KeySet and(KeySet other) {
            return new KeySet(
                    provider,
                    age.compareTo(other.age) > 0 ? age : other.age,
                    fetched + other.fetched,
                    failed + other.failed);
        }
    }

    private final CollectorRegistry registry;
    private final Counter checks;

    AuthMetrics(CollectorRegistry registry) {
        this.registry = registry;
        checks =
                Counter.build("jan_auth_checks_total", "Credentials by what became of them.")
                        .labelNames("credential", "outcome")
                        .register(registry);
        for (var credential : Credential.values()) {
            for (var outcome : Outcome.values()) {
                var _ = checks(credential, outcome); // so that none is 0, not absent
            }
        }
    }

    /**
     * Reads what is counted elsewhere when Prometheus asks; to be called once.
     *
     * @param providers one key set per provider
     */
    public void watch(Supplier<KeyCache> keyCache, Supplier<List<KeySet>> providers) {
        Readings.counter(
                        "jan_auth_key_cache_total",
                        "API keys by whether they were remembered.",
                        () -> {
                            var cache = keyCache.get();
                            return List.of(
                                    Reading.of((double) cache.hits, "hit"),
                                    Reading.of((double) cache.misses, "miss"));
                        },
                        "result")
                .register(registry);
        Readings.gauge(
                        "jan_auth_jwks_age_seconds",
                        "Since signature keys were fetched last.",
                        each(
                                providers,
                                keys ->
                                        List.of(
                                                Reading.of(
                                                        keys.age.toMillis() / 1e3, keys.provider))),
                        "provider")
                .register(registry);
        Readings.counter(
                        "jan_auth_jwks_fetches_total",
                        "Fetches of signature keys.",
                        each(
                                providers,
                                keys ->
                                        List.of(
                                                Reading.of(
                                                        (double) keys.fetched, keys.provider, "ok"),
                                                Reading.of(
                                                        (double) keys.failed,
                                                        keys.provider,
                                                        "failed"))),
                        "provider",
                        "outcome")
                .register(registry);
    }

    /** A credential was checked. */
    public void checked(Credential credential, Outcome outcome) {
        checks(credential, outcome).inc();
    }

    private Counter.Child checks(Credential credential, Outcome outcome) {
        return checks.labels(
                credential.name().toLowerCase(Locale.ROOT),
                outcome.name().toLowerCase(Locale.ROOT));
    }

    private static Supplier<List<Reading>> each(
            Supplier<List<KeySet>> providers, Function<KeySet, List<Reading>> readings) {
        return () ->
                providers.get().stream().flatMap(keys -> readings.apply(keys).stream()).toList();
    }
}
