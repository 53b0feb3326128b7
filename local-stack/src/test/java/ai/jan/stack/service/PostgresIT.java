// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.stack.Ports;
import ai.jan.stack.Secrets;
import ai.jan.stack.Terminal;
import ai.jan.stack.dist.Distributions;
import ai.jan.stack.process.ProcessRecords;
import ai.jan.stack.process.Supervisor;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real programs; as root where the build runs as root. */
class PostgresIT {
    @TempDir private Path home;

    @Test
    void keepsItsDataFromRunToRunAndAsksForAPassword() throws Exception {
        var secrets = new Secrets(home.resolve("secrets.properties"));
        int port = freePort();

        try (var supervisor = supervisor()) {
            var postgres = new Postgres(programs(supervisor), home, port, secrets);
            assertThat(postgres.initialize(supervisor)).isTrue();
            supervisor.start(postgres.launch("")).awaitReady();

            try (var owner = connect(port, secrets.random(Secrets.MIGRATION_PASSWORD));
                    var statement = owner.createStatement()) {
                statement.execute("CREATE SCHEMA chat");
                statement.execute("CREATE TABLE chat.notes (text text)");
                statement.execute("INSERT INTO chat.notes VALUES ('kept')");
                statement.execute("CREATE ROLE jan_someone LOGIN");
                try (var version = statement.executeQuery("SHOW server_version_num")) {
                    version.next();
                    assertThat(version.getInt(1)).isBetween(180_000, 189_999);
                }
            }
            assertThatThrownBy(() -> connect(port, "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }

        try (var supervisor = supervisor()) {
            var postgres = new Postgres(programs(supervisor), home, port, secrets);
            assertThat(postgres.initialize(supervisor)).isFalse();
            supervisor.start(postgres.launch("")).awaitReady();

            try (var owner = connect(port, secrets.random(Secrets.MIGRATION_PASSWORD));
                    var notes =
                            owner.createStatement().executeQuery("SELECT text FROM chat.notes")) {
                assertThat(notes.next()).isTrue();
                assertThat(notes.getString(1)).isEqualTo("kept");
            }
        }
    }

    @Test
    void comesBackAfterItWasKilledWhileClientsWereConnected() throws Exception {
        var secrets = new Secrets(home.resolve("secrets.properties"));
        int port = freePort();
        try (var supervisor = supervisor()) {
            var postgres = new Postgres(programs(supervisor), home, port, secrets);
            postgres.initialize(supervisor);
            var child = supervisor.start(postgres.launch(""));
            child.awaitReady();
            var password = secrets.random(Secrets.MIGRATION_PASSWORD);
            try (var _ = connect(port, password)) {
                assertThat(ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly()).isTrue();
            }

            var deadline = System.nanoTime() + 30_000_000_000L;
            while (!answers(port, password)) {
                assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
                Thread.sleep(100);
            }
        }
    }

    private static boolean answers(int port, String password) {
        try (var connection = connect(port, password)) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    private Supervisor supervisor() {
        return new Supervisor(
                home.resolve("logs"), terminal(), new ProcessRecords(home.resolve("pids")));
    }

    private static Path programs(Supervisor supervisor) throws Exception {
        try (var archives = Files.list(Path.of("target", "postgres"))) {
            return new Distributions(
                            Path.of("target", "dist"),
                            Path.of(".."),
                            List.of("mvn"),
                            terminal(),
                            supervisor)
                    .postgres(archives.findFirst().orElseThrow());
        }
    }

    private static Terminal terminal() {
        return new Terminal(new PrintStream(java.io.OutputStream.nullOutputStream()));
    }

    private static Connection connect(int port, String password) throws SQLException {
        return DriverManager.getConnection(
                Postgres.jdbcUrl(port), Postgres.MIGRATION_ROLE, password);
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, Ports.loopback())) {
            return socket.getLocalPort();
        }
    }
}
