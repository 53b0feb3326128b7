// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import ai.jan.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of every API key that was revoked, deleted or changed, on a connection of its own, because
 * neither a pool nor a pooler keeps a LISTEN. What happened while it had no connection it did not
 * hear, so with every new one everything is forgotten.
 */
public final class RevocationListener implements AutoCloseable {
    /** What remembers keys. */
    public interface Memory {
        void forget(KeyHash hash);

        void forgetAll();
    }

    private static final String CHANNEL = "api_keys";
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final int ALIVE_SECONDS = 2;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(RevocationListener.class);

    private final Database database;
    private final Memory memory;
    private final Thread thread;
    private volatile boolean closed;

    private RevocationListener(Database database, Memory memory) {
        this.database = database;
        this.memory = memory;
        this.thread = Thread.ofVirtual().name("api-key-revocations").unstarted(this::run);
    }

    /** Starts to listen, also when the database is not there yet. */
    public static RevocationListener start(Database database, Memory memory) {
        var listener = new RevocationListener(database, memory);
        listener.thread.start();
        return listener;
    }

    private void run() {
        var pause = FIRST_PAUSE;
        while (!closed) {
            try (var connection = database.dedicatedConnection()) {
                listen(connection);
                LOG.info("hearing of revoked API keys");
                pause = FIRST_PAUSE;
                hear(connection);
            } catch (SQLException | RuntimeException e) {
                if (!closed && pause.equals(FIRST_PAUSE)) { // once per outage
                    LOG.warn("not hearing of revoked API keys for now: {}", e.toString());
                }
            }
            sleep(pause);
            pause = longer(pause);
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("LISTEN " + CHANNEL);
        }
        memory.forgetAll();
    }

    private void hear(Connection connection) throws SQLException {
        var notices = connection.unwrap(PGConnection.class);
        while (!closed) {
            var heard = notices.getNotifications((int) QUIET.toMillis());
            if (heard == null || heard.length == 0) {
                if (!connection.isValid(ALIVE_SECONDS)) {
                    throw new SQLException("the connection died");
                }
                continue;
            }
            for (var notice : heard) {
                memory.forget(new KeyHash(notice.getParameter()));
            }
        }
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
                LOG.warn("the listener for revoked API keys did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
