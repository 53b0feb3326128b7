// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.guests;

import ai.jan.database.Database;
import ai.jan.kit.lifecycle.Recurring;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired guests again and again, in one process of all at a time: whoever gets the lock in
 * the database. The lock is held by a connection of its own, so it ends with its holder.
 */
public final class GuestRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(GuestRemoval.class);
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(12);
    private static final String LOCK =
            "SELECT pg_try_advisory_lock(hashtextextended('jan guest removal', 0))";

    private GuestRemoval() {}

    public static Recurring start(Database database, ExpiredGuests expired) {
        return Recurring.start(
                "guest-removal",
                Recurring.Rhythm.every(INTERVAL).startingAfter(FIRST).stoppingWithin(STOP_LIMIT),
                "expired guests are not removed for now",
                () -> attempt(database, expired));
    }

    private static void attempt(Database database, ExpiredGuests expired)
            throws SQLException, InterruptedException {
        try (var connection = database.dedicatedConnection()) {
            if (isLeader(connection)) {
                var pass = expired.remove();
                if (pass.removed() > 0 || pass.failed() > 0) {
                    LOG.info(
                            "{} expired guests removed, {} could not be",
                            pass.removed(),
                            pass.failed());
                }
            }
        }
    }

    private static boolean isLeader(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(LOCK)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
