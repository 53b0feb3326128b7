// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import ai.jan.kit.metrics.DatabaseMetrics;
import ai.jan.kit.metrics.Metrics;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/**
 * The pool a process works with. Callers wait in a fair queue of their own, because on virtual
 * threads there may be thousands of them; whoever waits longer than the settings allow, or finds
 * the server down or frozen, gets {@link DatabaseUnavailable}. Opening does not connect, so that a
 * process starts before its database. Thread-safe.
 *
 * <p>Never keep a handle while something else is waited for, such as a model's stream.
 */
public final class Database implements AutoCloseable {
    private final DatabaseSettings settings;
    private final String application;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Semaphore permits;
    private final DatabaseMetrics.Pool metrics;

    private Database(
            DatabaseSettings settings,
            String application,
            HikariDataSource pool,
            DatabaseMetrics metrics) {
        this.settings = settings;
        this.application = application;
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        // Its messages would carry what was bound: prompts, hashes.
        this.jdbi
                .getConfig(StatementExceptions.class)
                .setMessageRendering(StatementExceptions.MessageRendering.NONE);
        this.permits = new Semaphore(settings.poolSize(), true);
        this.metrics = metrics.pool(application, this::state);
    }

    /** The same, and nobody wants to know how long it takes. */
    public static Database open(DatabaseSettings settings, String application) {
        return open(settings, application, new Metrics().databases());
    }

    /**
     * @param application the name the server shows for these connections, and the metrics too
     */
    public static Database open(
            DatabaseSettings settings, String application, DatabaseMetrics metrics) {
        var config = new HikariConfig();
        config.setPoolName(application);
        config.setJdbcUrl(settings.url());
        config.setDataSourceProperties(settings.connectionProperties(application));
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(settings.patience().toMillis());
        config.setValidationTimeout(Math.max(250, settings.patience().toMillis() / 2));
        config.setInitializationFailTimeout(-1);
        return new Database(settings, application, new HikariDataSource(config), metrics);
    }

    /**
     * Runs one piece of work on one connection; every statement commits for itself.
     *
     * @throws DatabaseUnavailable if the server cannot do it now
     */
    public <T, X extends Exception> T with(HandleCallback<T, X> work) throws X {
        return guarded(() -> jdbi.withHandle(work));
    }

    /**
     * Runs one piece of work in one transaction, which any exception rolls back.
     *
     * @throws DatabaseUnavailable if the server cannot do it now
     */
    public <T, X extends Exception> T inTransaction(HandleCallback<T, X> work) throws X {
        return guarded(() -> jdbi.inTransaction(work));
    }

    /** What is done with a connection, by JDBC. */
    @FunctionalInterface
    public interface ConnectionWork<T extends @Nullable Object> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * The same as {@link #with} by plain JDBC, for the few statements that every request waits for:
     * binding and mapping cost Jdbi more than the driver takes to run them.
     *
     * @throws DatabaseUnavailable if the server cannot do it now
     * @throws JdbiException if it will not
     */
    public <T extends @Nullable Object> T withConnection(ConnectionWork<T> work) {
        return this.<T, RuntimeException>guarded(() -> {
            try (var connection = pool.getConnection()) {
                return work.on(connection);
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
        });
    }

    /** Whether the server answers a statement now. */
    public boolean isReachable() {
        try {
            return with((Handle handle) -> handle.createQuery("SELECT 1").mapTo(int.class).one())
                    == 1;
        } catch (DatabaseUnavailable e) {
            return false;
        }
    }

    /**
     * A connection outside the pool, for one that has to live long, such as a LISTEN. The caller
     * closes it.
     */
    public Connection dedicatedConnection() throws SQLException {
        return DriverManager.getConnection(
                settings.url(), settings.connectionProperties(application + " listener"));
    }

    @Override
    public void close() {
        pool.close();
    }

    private interface Work<T, X extends Exception> {
        T run() throws X;
    }

    private <T, X extends Exception> T guarded(Work<T, X> work) throws X {
        acquirePermit();
        long start = System.nanoTime();
        try {
            return work.run();
        } catch (JdbiException e) {
            if (Outages.isOutage(e)) {
                metrics.failed();
                throw new DatabaseUnavailable("the database failed", e);
            }
            throw e;
        } finally {
            permits.release();
            metrics.worked(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void acquirePermit() {
        long start = System.nanoTime();
        try {
            if (!permits.tryAcquire(settings.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                metrics.failed();
                throw new DatabaseUnavailable("all connections to the database are busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("interrupted while waiting for a connection", e);
        } finally {
            metrics.waited(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** A pool that is just being made, or is closed, has no connections. */
    private DatabaseMetrics.State state() {
        var connections = pool.getHikariPoolMXBean();
        return connections == null
                ? new DatabaseMetrics.State(0, 0, permits.getQueueLength())
                : new DatabaseMetrics.State(
                        connections.getActiveConnections(),
                        connections.getIdleConnections(),
                        permits.getQueueLength());
    }
}
