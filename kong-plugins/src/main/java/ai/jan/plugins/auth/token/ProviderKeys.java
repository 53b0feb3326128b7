// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import ai.jan.kit.metrics.AuthMetrics.KeySet;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one OpenID provider, kept in memory. They are fetched again in the background before
 * they are old, and kept while the provider is out of order: a key that is known never waits for a
 * provider that is down or frozen. An unknown key makes one fetch at a time, and not more often
 * than every {@link #MIN_INTERVAL}. Thread-safe.
 */
public final class ProviderKeys {
    static final Duration REFRESH_AFTER = Duration.ofMinutes(5);

    /** Nobody used the keys for so long that they may have been withdrawn meanwhile. */
    static final Duration IDLE_AFTER = Duration.ofMinutes(15);

    static final Duration MIN_INTERVAL = Duration.ofSeconds(2);
    static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    static final Duration MAX_WAIT = Duration.ofMillis(1900);
    static final Duration MAX_WAIT_WHEN_IDLE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(ProviderKeys.class);

    /** What is known of the key that a token names. */
    sealed interface Lookup {
        record Found(JWK key) implements Lookup {}

        /** The provider has no such key. */
        record Unknown() implements Lookup {}

        /** Nobody can tell: the provider does not answer. */
        record Unavailable() implements Lookup {}
    }

    private record Published(JWKSet keys, int version) {}

    private final String name;
    private final FetchKeys fetch;
    private final InstantSource clock;

    private volatile Published published = new Published(new JWKSet(), 0);
    private final Object lock = new Object();
    private @Nullable CompletableFuture<Void> underway;
    private Instant lastAttempt = Instant.MIN;
    private volatile boolean lastAttemptFailed;
    private volatile Instant lastSuccess;
    private final LongAdder fetched = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /**
     * @param name of the provider, for the log
     */
    public ProviderKeys(String name, FetchKeys fetch, InstantSource clock) {
        this.name = name;
        this.fetch = fetch;
        this.clock = clock;
        this.lastSuccess = clock.instant();
    }

    /** How the keys are, for the metrics. */
    KeySet state() {
        var age = Duration.between(lastSuccess, clock.instant());
        return new KeySet(name, age, fetched.sum(), failures.sum());
    }

    /** Fetches the keys now, in the background, so that the first caller need not wait for it. */
    public void prepare() {
        fetchUnlessRecent();
    }

    /** The key for a token's header; waits at most {@link #MAX_WAIT}. */
    Lookup find(JWSHeader header) {
        var known = select(header);
        if (known.isPresent()) {
            refreshAhead();
            return select(header).<Lookup>map(Lookup.Found::new).orElseGet(Lookup.Unknown::new);
        }
        var current = fetchUnlessRecent();
        var answered = current.isEmpty() || await(current.get(), MAX_WAIT);
        return select(header)
                .<Lookup>map(Lookup.Found::new)
                .orElseGet(() ->
                        answered && !lastAttemptFailed
                                ? new Lookup.Unknown()
                                : new Lookup.Unavailable());
    }

    /** Changes whenever the keys do; what was verified under another version has to be again. */
    int version() {
        return published.version();
    }

    private Optional<JWK> select(JWSHeader header) {
        return new JWKSelector(JWKMatcher.forJWSHeader(header))
                .select(published.keys()).stream().findFirst();
    }

    void refreshAhead() {
        var age = Duration.between(attemptedAt(), clock.instant());
        if (age.compareTo(lastAttemptFailed ? RETRY_AFTER : REFRESH_AFTER) < 0) {
            return;
        }
        var current = fetchUnlessRecent();
        if (age.compareTo(IDLE_AFTER) > 0) {
            current.ifPresent(running -> await(running, MAX_WAIT_WHEN_IDLE));
        }
    }

    private Instant attemptedAt() {
        synchronized (lock) {
            return lastAttempt;
        }
    }

    /** The fetch that is under way, else a new one, else nothing if the last is too recent. */
    private Optional<CompletableFuture<Void>> fetchUnlessRecent() {
        synchronized (lock) {
            if (underway != null) {
                return Optional.of(underway);
            }
            var now = clock.instant();
            if (now.isBefore(lastAttempt.plus(MIN_INTERVAL))) {
                return Optional.empty();
            }
            lastAttempt = now;
            var started = new CompletableFuture<Void>();
            underway = started;
            Thread.ofVirtual().name("provider-keys").start(() -> fetchAndTell(started));
            return Optional.of(started);
        }
    }

    private void fetchAndTell(CompletableFuture<Void> whoWaits) {
        var failed = true;
        try {
            publish(fetch.fetch());
            failed = false;
        } catch (IOException | RuntimeException e) {
            if (!lastAttemptFailed) { // once per outage
                LOG.warn(
                        "{}: keys cannot be fetched ({}); {}",
                        name,
                        e.toString(),
                        published.keys().isEmpty()
                                ? "none are known"
                                : "the known ones stay in use");
            }
        } finally {
            lastAttemptFailed = failed;
            (failed ? failures : fetched).increment();
            if (!failed) {
                lastSuccess = clock.instant();
            }
            synchronized (lock) {
                underway = null;
            }
            whoWaits.complete(null);
        }
    }

    /** Only the one fetch under way gets here. */
    private void publish(JWKSet fetched) {
        var before = published;
        if (!fetched.getKeys().equals(before.keys().getKeys())) {
            published = new Published(fetched, before.version() + 1);
            LOG.info("{}: {} signature keys", name, fetched.size());
        } else if (lastAttemptFailed) {
            LOG.info("{}: keys can be fetched again", name);
        }
    }

    private static boolean await(CompletableFuture<Void> running, Duration limit) {
        try {
            running.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("is only ever completed normally", e);
        }
    }
}
