// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.watch;

import ai.jan.database.Database;
import ai.jan.kit.lifecycle.Recurring;
import ai.jan.plugins.keys.KeyOwners;
import ai.jan.plugins.revocation.Revocations;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Follows what operators change in Keycloak, so that it takes effect within a second: one node at a
 * time asks for new events, and tells all through the database. What happened while nobody asked is
 * caught up with, as long as Keycloak keeps it.
 */
public final class RealmWatch implements Recurring.Task {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    /** An event gets its time before it can be read: when its transaction is over. */
    private static final Duration OVERLAP = Duration.ofSeconds(10);

    private static final int BATCH = 200;
    private static final int REMEMBERED = 10_000;

    private final Realm realm;
    private final WatchLease lease;
    private final RealmChanges changes;
    private final Map<String, Boolean> applied =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            };
    private boolean areOwnersUnderway;

    RealmWatch(Realm realm, Database database, Revocations revocations) {
        this.realm = realm;
        this.lease = new WatchLease(database, realm.name());
        this.changes = new RealmChanges(realm, revocations, new KeyOwners(database));
    }

    public static Recurring start(Realm realm, Database database, Revocations revocations) {
        return Recurring.start(
                "realm-watch",
                Recurring.Rhythm.every(INTERVAL).startingAfter(Duration.ZERO),
                "cannot follow the realm "
                        + realm.name()
                        + ": users disabled now keep their tokens until these expire",
                new RealmWatch(realm, database, revocations));
    }

    /** Applies what is new, if it is this node's turn. */
    @Override
    public void run() {
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
        while (!Thread.currentThread().isInterrupted()) {
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

    /** So that another node need not wait for the lease to run out. */
    @Override
    public void end() {
        lease.release();
    }
}
