// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.guests;

import ai.jan.database.Database;
import ai.jan.database.DatabaseUnavailable;
import ai.jan.plugins.keycloak.KeycloakUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired guests again and again, in one process of all at a time: whoever gets the lock in
 * the database. The lock is held by a connection of its own, so it ends with its holder.
 */
public final class GuestRemoval implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GuestRemoval.class);
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(12);
    private static final String LOCK =
            "SELECT pg_try_advisory_lock(hashtextextended('jan guest removal', 0))";

    private final Database database;
    private final ExpiredGuests expired;
    private final Thread thread = Thread.ofVirtual().name("guest-removal").unstarted(this::run);

    private GuestRemoval(Database database, ExpiredGuests expired) {
        this.database = database;
        this.expired = expired;
    }

    public static GuestRemoval start(Database database, ExpiredGuests expired) {
        var removal = new GuestRemoval(database, expired);
        removal.thread.start();
        return removal;
    }

    private void run() {
        try {
            Thread.sleep(FIRST);
            while (true) {
                attempt();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts
        }
    }

    private void attempt() throws InterruptedException {
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
        } catch (SQLException | DatabaseUnavailable | KeycloakUnavailable e) {
            LOG.warn("expired guests are not removed for now: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("expired guests are not removed", e);
        }
    }

    private static boolean isLeader(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(LOCK)) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(STOP_LIMIT)) {
                LOG.warn("the removal of guests did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
