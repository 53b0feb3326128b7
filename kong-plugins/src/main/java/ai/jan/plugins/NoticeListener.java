// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other nodes changed in the database, on a connection of its own, because neither a
 * pool nor a pooler keeps a LISTEN. What happened while it had no connection it did not hear, so
 * with every new one the subscribers catch up; and now and then in any case, should notices be
 * lost.
 */
public final class NoticeListener implements AutoCloseable {
    /** Somebody who remembers what the database holds. Called by one thread. */
    public interface Subscriber {
        /** The channel of PostgreSQL that tells of changes; a plain identifier. */
        String channel();

        /** Something changed. */
        void heard(String notice);

        /** A new connection: anything may have changed meanwhile. */
        void connected();

        /** Called every half minute, connected or not: notices may have been lost. */
        default void lookAgain() {}
    }

    static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final int ALIVE_SECONDS = 2;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(NoticeListener.class);

    private final Database database;
    private final List<Subscriber> subscribers;
    private final Thread thread;
    private long lookedAt = System.nanoTime();
    private volatile boolean closed;

    private NoticeListener(Database database, List<Subscriber> subscribers) {
        this.database = database;
        this.subscribers = List.copyOf(subscribers);
        this.thread = Thread.ofVirtual().name("database-notices").unstarted(this::run);
    }

    /** Starts to listen, also when the database is not there yet. */
    public static NoticeListener start(Database database, Subscriber... subscribers) {
        var listener = new NoticeListener(database, List.of(subscribers));
        listener.thread.start();
        return listener;
    }

    private void run() {
        var pause = FIRST_PAUSE;
        while (!closed) {
            try (var connection = database.dedicatedConnection()) {
                listen(connection);
                LOG.info("hearing of revoked API keys and tokens");
                pause = FIRST_PAUSE;
                hear(connection);
            } catch (SQLException | RuntimeException e) {
                if (!closed && pause.equals(FIRST_PAUSE)) { // once per outage
                    LOG.warn("not hearing of revoked API keys and tokens: {}", e.toString());
                }
            }
            sleep(pause);
            pause = longer(pause);
            lookAgainWithoutConnection();
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var subscriber : subscribers) {
                statement.execute("LISTEN " + subscriber.channel());
            }
        }
        subscribers.forEach(Subscriber::connected);
        lookedAt = System.nanoTime();
    }

    private void hear(Connection connection) throws SQLException {
        var notices = connection.unwrap(PGConnection.class);
        while (!closed) {
            var heard = notices.getNotifications((int) QUIET.toMillis());
            if (heard == null || heard.length == 0) {
                if (!connection.isValid(ALIVE_SECONDS)) {
                    throw new SQLException("the connection died");
                }
            } else {
                for (var notice : heard) {
                    tell(notice.getName(), notice.getParameter());
                }
            }
            lookAgain();
        }
    }

    private void tell(String channel, String notice) {
        for (var subscriber : subscribers) {
            if (subscriber.channel().equals(channel)) {
                subscriber.heard(notice);
            }
        }
    }

    private void lookAgain() {
        if (System.nanoTime() - lookedAt >= LOOK_AGAIN.toNanos()) {
            lookedAt = System.nanoTime();
            subscribers.forEach(Subscriber::lookAgain);
        }
    }

    /** The pool may reach the database although a connection that listens cannot be had. */
    private void lookAgainWithoutConnection() {
        try {
            lookAgain();
        } catch (RuntimeException e) {
            LOG.debug("cannot look again either: {}", e.toString()); // the outage is in the log
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
                LOG.warn("the listener for notices of the database did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
