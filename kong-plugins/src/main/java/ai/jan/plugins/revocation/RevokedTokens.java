// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.revocation;

import ai.jan.kit.json.Json;
import ai.jan.plugins.NoticeListener;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which access tokens are revoked, from this node's memory: loaded when the database can be reached
 * first, told of what is new at once by notices, and read again every half minute in case a notice
 * was lost. While the database is down, what is known stays in force.
 *
 * <p>The memory is bounded. When it is full, the oldest revocation is replaced by a coarser one:
 * every token issued before it is refused, whosever it is, and a client gets a new one with its
 * refresh token. Thread-safe.
 */
public final class RevokedTokens implements FindRevocation, NoticeListener.Subscriber {
    private record Key(Revocation.Kind kind, String value) {}

    private static final String CHANNEL = "revocations";
    private static final int REMEMBERED = 100_000;
    private static final Duration MAX_WAIT = Duration.ofMillis(1900);
    private static final Duration CLEANING = Duration.ofMinutes(10);

    /** A row that was recorded before the last reading may have been committed after it. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(RevokedTokens.class);

    private final Revocations table;
    private final int capacity;
    private final InstantSource clock;

    private final LinkedHashMap<Key, Revocation> known = new LinkedHashMap<>();
    private Instant refusedBefore = Instant.MIN;
    private Instant readUpTo = Instant.EPOCH;
    private Instant cleanedAt = Instant.EPOCH;
    private final CountDownLatch loaded = new CountDownLatch(1);

    public RevokedTokens(Revocations table, InstantSource clock) {
        this(table, REMEMBERED, clock);
    }

    RevokedTokens(Revocations table, int capacity, InstantSource clock) {
        this.table = table;
        this.capacity = capacity;
        this.clock = clock;
    }

    @Override
    public Verdict verdict(@Nullable String sid, String sub, Instant issuedAt) {
        if (!isLoaded()) {
            return Verdict.UNKNOWN;
        }
        return isRevoked(sid, sub, issuedAt) ? Verdict.REVOKED : Verdict.GOOD;
    }

    private synchronized boolean isRevoked(@Nullable String sid, String sub, Instant issuedAt) {
        var session = sid == null ? null : known.get(new Key(Revocation.Kind.SESSION, sid));
        var subject = known.get(new Key(Revocation.Kind.SUBJECT, sub));
        return issuedAt.isBefore(refusedBefore)
                || isInForce(session)
                || (subject != null
                        && isInForce(subject)
                        && issuedAt.isBefore(subject.issuedBefore()));
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public void heard(String notice) {
        try {
            var json = Json.parse(notice);
            add(
                    new Revocation(
                            Revocation.Kind.of(json.path("kind").asText()),
                            json.path("value").asText(),
                            Instant.ofEpochMilli(json.path("issued_before").asLong()),
                            Instant.ofEpochMilli(json.path("expires_at").asLong())));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a notice that is not ours", e);
        }
    }

    @Override
    public void connected() {
        catchUp();
    }

    @Override
    public void lookAgain() {
        catchUp();
    }

    /** A node that has just been started is waited for. */
    private boolean isLoaded() {
        try {
            return loaded.await(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Reads what is new in the table; the first time all of it. */
    private void catchUp() {
        var page = table.since(sinceWhen(), capacity + 1);
        page.rows().forEach(this::add);
        if (isCaughtUp(page.readAt())) {
            table.removeExpired();
        }
    }

    private synchronized Instant sinceWhen() {
        return loaded.getCount() == 0 ? readUpTo.minus(OVERLAP) : Instant.EPOCH;
    }

    /** Notes that all is known up to a time; says whether it is time to clean up. */
    private synchronized boolean isCaughtUp(Instant readAt) {
        loaded.countDown();
        readUpTo = readAt;
        var now = clock.instant();
        known.values().removeIf(revocation -> !now.isBefore(revocation.expiresAt()));
        var due = now.isAfter(cleanedAt.plus(CLEANING));
        cleanedAt = due ? now : cleanedAt;
        return due;
    }

    private synchronized void add(Revocation revocation) {
        if (!revocation.issuedBefore().isAfter(refusedBefore)) {
            return; // the coarser one covers it
        }
        if (revocation.kind() == Revocation.Kind.EVERYBODY) {
            refusedBefore = revocation.issuedBefore();
            return;
        }
        known.putLast(new Key(revocation.kind(), revocation.value()), revocation);
        if (known.size() > capacity) {
            refusedBefore = known.pollFirstEntry().getValue().issuedBefore();
            LOG.warn("more than {} revocations: refusing all older tokens", capacity);
        }
    }

    private boolean isInForce(@Nullable Revocation revocation) {
        return revocation != null && clock.instant().isBefore(revocation.expiresAt());
    }
}
