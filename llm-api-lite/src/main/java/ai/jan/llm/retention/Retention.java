// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.retention;

import ai.jan.database.Database;
import ai.jan.kit.lifecycle.Recurring;
import java.sql.Types;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is older than the policy allows, once an hour, in small batches with pauses. Of all
 * processes one does it at a time: the one that has an advisory lock, which goes with its
 * transaction, so that a process that dies holds up nobody.
 */
public final class Retention {
    /** Any number that nobody else uses for an advisory lock: "jan-keep" in ASCII. */
    private static final long LOCK = 0x6a616e2d6b656570L;

    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MAX_BATCHES = 1000; // of each kind, until the next hour

    private Retention() {}

    /**
     * @param days how long things are kept, at least one: conversations since they were last
     *     written, everything else since it was made
     */
    public static Recurring start(Database database, int days) {
        return Recurring.start(
                "retention",
                Recurring.Rhythm.every(PERIOD).startingAfter(FIRST),
                "what is older than " + days + " days cannot be removed",
                () -> removeNow(database, days));
    }

    /**
     * Removes what is too old now.
     *
     * @return how many objects; none if another process is at it
     */
    public static int removeOnce(Database database, int days) throws InterruptedException {
        int removed = 0;
        for (var removal : Removal.values()) {
            if (!removal.ages()) {
                continue;
            }
            for (int batch = 0; batch < MAX_BATCHES; batch++) {
                int some = database.inTransaction(handle -> removeSome(handle, removal, days));
                removed += some;
                if (some == 0) {
                    break;
                }
                Thread.sleep(PAUSE);
            }
        }
        return removed;
    }

    private static int removeSome(Handle handle, Removal removal, int days) {
        boolean isLeader =
                handle.createQuery("SELECT pg_try_advisory_xact_lock(:lock)")
                        .bind("lock", LOCK)
                        .mapTo(boolean.class)
                        .one();
        return isLeader
                ? handle.createUpdate(removal.sql())
                        .bindNull("owner", Types.VARCHAR)
                        .bind("days", days)
                        .execute()
                : 0;
    }

    /** What cannot be removed now is removed in an hour. */
    private static void removeNow(Database database, int days) throws InterruptedException {
        int removed = removeOnce(database, days);
        if (removed > 0) {
            log.info("removed {} objects that were older than {} days", removed, days);
        }
    }
}
