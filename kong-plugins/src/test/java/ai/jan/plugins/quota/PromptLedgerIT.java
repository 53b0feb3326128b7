// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.quota.Amount;
import ai.jan.quota.Ledger;
import ai.jan.quota.Limit;
import ai.jan.quota.Price;
import ai.jan.quota.Reservation;
import ai.jan.quota.Spender;
import ai.jan.quota.Unit;
import ai.jan.quota.Verdict;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for the ledger while something else holds it up. */
@Timeout(60)
class PromptLedgerIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static TestingDatabase server;
    private static Database database;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void open() {
        server = TestingDatabase.migrated();
        database = server.open(LoginRole.PLUGINS);
    }

    @AfterAll
    static void close() {
        database.close();
        server.close();
    }

    @Test
    void oneThatCannotBeDecidedFailsAlone() throws Exception {
        var ledger = new PromptLedger(new Ledger(database), 1);
        try (var lock = lockedBucketOf("stuck", ledger)) {
            var stuck = later(() -> ledger.reserve(asking("1", "stuck"), LONG));
            awaitBlocked();
            var bad = later(() -> ledger.reserve(asking("not \u0000 text", "bad"), LONG));
            var good = later(() -> ledger.reserve(asking("2", "good"), LONG));
            Thread.sleep(200);
            assertThat(good.isDone()).as("the only worker is stuck").isFalse();
            lock.rollback();

            assertThat(stuck.get()).isInstanceOf(Verdict.Reserved.class);
            assertThat(good.get()).isInstanceOf(Verdict.Reserved.class);
            assertThat(failure(bad)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void oneThatWaitsForLocksHoldsUpNobodyElse() throws Exception {
        var ledger = new PromptLedger(new Ledger(database), 2);
        try (var lock = lockedBucketOf("held", ledger)) {
            var held = later(() -> ledger.reserve(asking("3", "held"), LONG));
            awaitBlocked();

            assertThat(ledger.reserve(asking("4", "free"), Duration.ofSeconds(10)))
                    .isInstanceOf(Verdict.Reserved.class);
            assertThat(held.isDone()).isFalse();
            lock.rollback();
            assertThat(held.get()).isInstanceOf(Verdict.Reserved.class);
        }
    }

    private <T> Future<T> later(Callable<T> call) {
        return callers.submit(call);
    }

    private static Throwable failure(Future<?> future) throws Exception {
        try {
            future.get(LONG.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("it did not fail");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** Another transaction has the bucket, as another node may. */
    private static Connection lockedBucketOf(String subject, PromptLedger ledger)
            throws SQLException {
        assertThat(ledger.reserve(asking("first of " + subject, subject), LONG))
                .isInstanceOf(Verdict.Reserved.class);
        var owner = server.owner();
        var connection =
                DriverManager.getConnection(owner.url(), owner.user(), owner.password().reveal());
        connection.setAutoCommit(false);
        try (var statement =
                connection.prepareStatement(
                        "SELECT 1 FROM quota.buckets WHERE bucket = ? FOR UPDATE")) {
            statement.setString(1, limit(subject).bucket());
            try (var rows = statement.executeQuery()) {
                assertThat(rows.next()).isTrue();
            }
        }
        return connection;
    }

    private static void awaitBlocked() throws Exception {
        var owner = server.owner();
        try (var connection =
                        DriverManager.getConnection(
                                owner.url(), owner.user(), owner.password().reveal());
                var statement = connection.createStatement()) {
            for (boolean blocked = false; !blocked; ) {
                try (var rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
                    rows.next();
                    blocked = rows.getInt(1) > 0;
                }
                Thread.sleep(10);
            }
        }
    }

    private static Limit limit(String subject) {
        return Limit.of(Unit.TOKENS, 1000, Duration.ofDays(30), "user", subject);
    }

    private static Reservation asking(String id, String subject) {
        return new Reservation(
                id,
                new Spender(subject, "pro", null, null, "m"),
                new Amount(1, 10, 0),
                Price.FREE,
                List.of(limit(subject)));
    }
}
