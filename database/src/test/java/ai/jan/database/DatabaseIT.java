// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatabaseIT {
    private static TestingDatabase server;

    @BeforeAll
    static void start() {
        server = TestingDatabase.migrated();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aWrongStatementIsAFaultAndNotAnOutage() {
        try (var database = server.open(LoginRole.LLM_API)) {
            assertThatThrownBy(() -> database.with(handle -> handle.execute("SELEKT 1")))
                    .isInstanceOf(JdbiException.class);
        }
    }

    @Test
    void anErrorDoesNotQuoteWhatWasToBeStored() {
        try (var database = server.open(LoginRole.LLM_API)) {
            assertThatThrownBy(() ->
                            database.with(handle ->
                                    handle.createUpdate(
                                                    "INSERT INTO chat.items (id, owner, body)"
                                                            + " VALUES ('msg_y', 'alice', :body::json)")
                                            .bind("body", "{\"a prompt\"")
                                            .execute()))
                    .isInstanceOf(JdbiException.class)
                    .hasStackTraceContaining("invalid input syntax")
                    .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("a prompt"));
        }
    }

    @Test
    void rollsBackWhenTheWorkThrows() {
        try (var database = server.open(LoginRole.LLM_API)) {
            assertThatThrownBy(() ->
                            database.inTransaction(handle -> {
                                handle.execute(
                                        "INSERT INTO chat.items (id, owner, body)"
                                                + " VALUES ('msg_x', 'alice', '{}')");
                                throw new IllegalStateException("changed my mind");
                            }))
                    .hasMessage("changed my mind");
            int items =
                    database.with(handle ->
                            handle.createQuery("SELECT count(*) FROM chat.items")
                                    .mapTo(int.class)
                                    .one());
            assertThat(items).isZero();
        }
    }

    @Test
    void aStatementThatTakesTooLongIsEnded() {
        try (var database = Database.open(impatient(server.port()), "test")) {
            assertThatThrownBy(() -> database.with(handle -> handle.execute("SELECT pg_sleep(30)")))
                    .isInstanceOf(DatabaseUnavailable.class);
        }
    }

    @Test
    void aCallerThatFindsAllConnectionsBusyGivesUp() throws Exception {
        try (var database = Database.open(impatient(server.port()), "test")) {
            var busy = new CountDownLatch(1);
            var done = new CountDownLatch(1);
            var other = Thread.ofVirtual().start(() -> occupy(database, busy, done));
            busy.await();
            assertThatThrownBy(() -> database.with(handle -> 1))
                    .isInstanceOf(DatabaseUnavailable.class);
            done.countDown();
            other.join();
            assertThat(database.<Integer, RuntimeException>with(handle -> 1)).isEqualTo(1);
        }
    }

    @Test
    void aServerThatDiesOrHangsIsAnOutageUntilItIsBack() throws Exception {
        try (var link = TestingLink.to(server.port());
                var database = Database.open(impatient(link.port()), "test")) {
            assertThat(database.isReachable()).isTrue();
            link.freeze();
            assertThat(database.isReachable()).isFalse();
            link.cut();
            assertThat(database.isReachable()).isFalse();
            link.repair();
            assertThat(database.isReachable()).isTrue();
        }
    }

    private static void occupy(Database database, CountDownLatch busy, CountDownLatch done) {
        try {
            database.with(handle -> {
                busy.countDown();
                return done.await(30, TimeUnit.SECONDS);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String stackTrace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static DatabaseSettings impatient(int port) {
        var login = server.settings(LoginRole.LLM_API);
        return new DatabaseSettings(
                login.url().replace(":" + server.port() + "/", ":" + port + "/"),
                login.user(),
                login.password(),
                1,
                Duration.ofMillis(500),
                Duration.ofSeconds(1));
    }
}
