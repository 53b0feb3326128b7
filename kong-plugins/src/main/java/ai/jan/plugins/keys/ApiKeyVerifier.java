// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import ai.jan.kit.metrics.AuthMetrics.KeyCache;
import ai.jan.plugins.ExpiringCache;
import ai.jan.plugins.NoticeListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies API keys from memory, and asks the database for those it does not remember: one question
 * per key at a time, and nobody waits for it longer than {@link #MAX_WAIT}. What the database said
 * is believed for a minute at most, so a key works for that long when the database is down, and a
 * revocation that was not heard of takes no longer. Thread-safe.
 */
public final class ApiKeyVerifier implements NoticeListener.Subscriber {
    static final Duration BELIEVED = Duration.ofSeconds(60);
    static final Duration UNKNOWN_BELIEVED = Duration.ofSeconds(5);
    static final Duration MAX_WAIT = Duration.ofSeconds(2);

    private static final int REMEMBERED = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyVerifier.class);

    private final KeyHasher hasher;
    private final FindKey database;
    private final InstantSource clock;

    private final ExpiringCache<KeyHash, ApiKey> known;
    private final ExpiringCache<KeyHash, Boolean> unknown;
    private final Map<KeyHash, CompletableFuture<KeyCheck>> underway = new ConcurrentHashMap<>();

    /** Counts what was forgotten, so that an answer from before is not remembered after. */
    private final AtomicLong forgotten = new AtomicLong();

    private final AtomicBoolean outage = new AtomicBoolean();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    public ApiKeyVerifier(KeyHasher hasher, FindKey database, InstantSource clock) {
        this.hasher = hasher;
        this.database = database;
        this.clock = clock;
        this.known = new ExpiringCache<>(REMEMBERED, clock);
        this.unknown = new ExpiringCache<>(REMEMBERED, clock);
    }

    /** Whether this text is a key that may be used now. */
    public KeyCheck check(String text) {
        if (!ApiKeyText.isWellFormed(text)) {
            return new KeyCheck.Refused();
        }
        var hash = hasher.hash(text);
        var remembered = remembered(hash);
        (remembered.isPresent() ? hits : misses).increment();
        return remembered.orElseGet(() -> await(asked(hash)));
    }

    /** How often a key was remembered so far, and how often not. */
    public KeyCache cache() {
        return new KeyCache(hits.sum(), misses.sum());
    }

    @Override
    public String channel() {
        return "api_keys";
    }

    /** What a key may do has changed. */
    @Override
    public void heard(String hash) {
        forget(new KeyHash(hash));
    }

    @Override
    public void connected() {
        forgetAll();
    }

    void forget(KeyHash hash) {
        forgotten.incrementAndGet();
        known.remove(hash);
        unknown.remove(hash);
    }

    void forgetAll() {
        forgotten.incrementAndGet();
        known.clear();
        unknown.clear();
    }

    private Optional<KeyCheck> remembered(KeyHash hash) {
        var key = known.get(hash);
        if (key.isPresent()) {
            return Optional.of(judge(key));
        }
        return unknown.get(hash).map(_ -> new KeyCheck.Refused());
    }

    private KeyCheck judge(Optional<ApiKey> key) {
        return key.filter(found -> !found.isExpiredAt(clock.instant()))
                .<KeyCheck>map(KeyCheck.Accepted::new)
                .orElseGet(KeyCheck.Refused::new);
    }

    private CompletableFuture<KeyCheck> asked(KeyHash hash) {
        return underway.computeIfAbsent(
                hash,
                _ -> {
                    var answer = new CompletableFuture<KeyCheck>();
                    Thread.ofVirtual().name("api-key-look-up").start(() -> ask(hash, answer));
                    return answer;
                });
    }

    private void ask(KeyHash hash, CompletableFuture<KeyCheck> answer) {
        KeyCheck check = new KeyCheck.Unavailable();
        try {
            var meanwhile = remembered(hash); // a question that ended just before this one began
            if (meanwhile.isPresent()) {
                check = meanwhile.get();
                return;
            }
            var before = forgotten.get();
            var found = database.find(hash).filter(key -> !key.isExpiredAt(clock.instant()));
            remember(hash, found, before);
            check = judge(found);
            if (outage.compareAndSet(true, false)) {
                LOG.info("API keys can be looked up again");
            }
        } catch (RuntimeException e) {
            if (outage.compareAndSet(false, true)) { // once, not for each request of an outage
                LOG.warn("API keys cannot be looked up: {}", e.toString());
            }
        } finally {
            underway.remove(hash);
            answer.complete(check);
        }
    }

    private void remember(KeyHash hash, Optional<ApiKey> found, long before) {
        var now = clock.instant();
        found.ifPresentOrElse(
                key -> known.put(hash, key, earlier(now.plus(BELIEVED), key)),
                () -> unknown.put(hash, true, now.plus(UNKNOWN_BELIEVED)));
        if (forgotten.get() != before) {
            // revoked while the database was answering; the answer is good for this request only
            known.remove(hash);
            unknown.remove(hash);
        }
    }

    private static Instant earlier(Instant time, ApiKey key) {
        var expires = key.expiresAt();
        return expires != null && expires.isBefore(time) ? expires : time;
    }

    private static KeyCheck await(CompletableFuture<KeyCheck> answer) {
        try {
            return answer.get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new KeyCheck.Unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new KeyCheck.Unavailable();
        } catch (ExecutionException e) {
            throw new IllegalStateException("is only ever completed normally", e);
        }
    }
}
