// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.watch;

import ai.jan.database.Database;
import ai.jan.plugins.keys.KeyOwners;
import ai.jan.plugins.revocation.Revocations;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what operators change in Keycloak, so that it takes effect within a second: one node at a
 * time asks for new events, and tells all through the database. What happened while nobody asked is
 * caught up with, as long as Keycloak keeps it.
 */
public final class RealmWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    /** An event gets its time before it can be read: when its transaction is over. */
    private static final Duration OVERLAP = Duration.ofSeconds(10);

    private static final int BATCH = 200;
    private static final int REMEMBERED = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(RealmWatch.class);

    private final Realm realm;
    private final WatchLease lease;
    private final RealmChanges changes;
    private final Thread thread = Thread.ofVirtual().name("realm-watch").unstarted(this::run);
    private final Map<String, Boolean> applied =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            };
    private volatile boolean closed;
    private boolean failing;
    private boolean areOwnersUnderway;

    RealmWatch(Realm realm, Database database, Revocations revocations) {
        this.realm = realm;
        this.lease = new WatchLease(database, realm.name());
        this.changes = new RealmChanges(realm, revocations, new KeyOwners(database));
    }

    public static RealmWatch start(Realm realm, Database database, Revocations revocations) {
        var watch = new RealmWatch(realm, database, revocations);
        watch.thread.start();
        return watch;
    }

    private void run() {
        var pause = INTERVAL;
        while (!closed) {
            try {
                look();
                if (failing) {
                    LOG.info("following the realm {} again", realm.name());
                }
                failing = false;
                pause = INTERVAL;
            } catch (RuntimeException e) {
                if (!failing && !closed) { // once per outage
                    LOG.warn(
                            "cannot follow the realm {}: users disabled now keep their tokens"
                                    + " until these expire ({})",
                            realm.name(),
                            e.toString());
                }
                failing = true;
                pause = longer(pause);
            }
            sleep(pause);
        }
    }

    /** Applies what is new, if it is this node's turn. */
    void look() {
        var progress = lease.take();
        if (progress.isEmpty()) {
            return;
        }
        var seen = follow(progress.get().seen());
        if (seen.isAfter(progress.get().seen())) {
            lease.seen(seen);
        }
        if (progress.get().areOwnersDue() && !areOwnersUnderway) {
            changes.lookAtOwners();
            areOwnersUnderway = true;
        }
        var noneLeft = changes.lookAtSome();
        if (areOwnersUnderway && noneLeft) {
            lease.ownersSeen();
            areOwnersUnderway = false;
        }
    }

    private Instant follow(Instant seen) {
        var from = seen.minus(OVERLAP);
        var latest = seen;
        while (!closed) {
            var events = realm.events(from, BATCH);
            for (var event : events) {
                if (!applied.containsKey(event.id())) {
                    changes.apply(event);
                    applied.put(event.id(), true);
                }
            }
            if (!events.isEmpty() && events.getLast().at().isAfter(latest)) {
                latest = events.getLast().at();
            }
            if (events.size() < BATCH) {
                break;
            }
            // The last one again, for those of the same moment; no more than a batch are.
            from = latest.isAfter(from) ? latest : from.plusMillis(1);
        }
        return latest;
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            closed = true; // only close() interrupts
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (!thread.join(STOP_LIMIT)) {
                LOG.warn("the watch on the realm did not stop in time");
            }
            lease.release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("the lease ends by itself: {}", e.toString());
        }
    }
}
