// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import ai.jan.kit.config.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL 18, one server per JVM and one fresh, migrated database per instance; a test
 * class opens one and closes it. Roles and grants are those of production.
 */
public final class TestingDatabase implements AutoCloseable {
    private static final Map<LoginRole, Secret> PASSWORDS =
            new EnumMap<>(
                    Map.of(
                            LoginRole.PLUGINS, new Secret("plugins-password"),
                            LoginRole.LLM_API, new Secret("llm-api-password"),
                            LoginRole.MCP_TOOLS, new Secret("mcp-tools-password")));
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;

    private TestingDatabase(String name) {
        this.name = name;
    }

    /** A database at the version this build expects. */
    public static TestingDatabase migrated() {
        return create("TEMPLATE " + Server.TEMPLATE);
    }

    /** A database without anything in it. */
    public static TestingDatabase empty() {
        return create("");
    }

    /** How a process logs in as one of its roles. */
    public DatabaseSettings settings(LoginRole role) {
        return owner().as(role.roleName(), PASSWORDS.get(role));
    }

    /** What the command {@code migrate} would read. */
    public MigrationSettings migration() {
        return new MigrationSettings(owner(), PASSWORDS);
    }

    /** The role that owns everything. */
    public DatabaseSettings owner() {
        return new DatabaseSettings(Server.url(name), "postgres", new Secret("postgres"));
    }

    /** A pool logged in as one of the roles. The caller closes it. */
    public Database open(LoginRole role) {
        return Database.open(settings(role), "test");
    }

    /** The port the server listens on, on 127.0.0.1. */
    public int port() {
        return Server.POSTGRES.getPort();
    }

    /**
     * Ends the server as a power cut would, and starts it again with what it had written. The
     * databases of all instances are away meanwhile.
     */
    public void crash() throws IOException, InterruptedException {
        Server.crash();
    }

    /** Runs a statement as the owner. */
    public void execute(String sql) {
        Server.execute(name, sql);
    }

    @Override
    public void close() {
        Server.execute("postgres", "DROP DATABASE " + name + " WITH (FORCE)");
    }

    private static TestingDatabase create(String from) {
        var name = "test_" + COUNT.incrementAndGet();
        Server.execute("postgres", "CREATE DATABASE " + name + " " + from);
        return new TestingDatabase(name);
    }

    /** Started when the first test asks for it, ended with the JVM. */
    private static final class Server {
        private static final Duration RESTART = Duration.ofMinutes(1);
        static final String TEMPLATE = "migrated";
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                var postgres =
                        EmbeddedPostgres.builder()
                                .setServerConfig("listen_addresses", "127.0.0.1")
                                .setServerConfig("hba_file", whoMayConnect().toString())
                                .setServerConfig("fsync", "off") // the machine does not crash
                                // … but the server does: what is committed is written, as usual
                                .setServerConfig("synchronous_commit", "on")
                                .setServerConfig("max_connections", "100")
                                .start();
                executeAt(postgres.getPort(), "postgres", "CREATE DATABASE " + TEMPLATE);
                Migration.run(
                        new MigrationSettings(
                                new DatabaseSettings(
                                        urlAt(postgres.getPort(), TEMPLATE),
                                        "postgres",
                                        new Secret("postgres")),
                                PASSWORDS));
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException("no PostgreSQL for the tests", e);
            }
        }

        /** The login roles have to prove their passwords, as in production. */
        private static Path whoMayConnect() throws IOException {
            var file = Files.createTempFile("pg_hba", ".conf");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    """
                    host all postgres 127.0.0.1/32 trust
                    host all all      127.0.0.1/32 scram-sha-256
                    """);
        }

        static void crash() throws IOException, InterruptedException {
            var data = Path.of(query("SHOW data_directory"));
            var postmaster = postmaster(data);
            var command = new ArrayList<String>();
            if (System.getProperty("user.name").equals("root")) {
                command.addAll(List.of("unshare", "-U")); // it does not run as root
            }
            command.add(postmaster.info().command().orElseThrow());
            command.addAll(List.of(postmaster.info().arguments().orElseThrow()));
            var all = new ArrayList<>(List.of(postmaster));
            all.addAll(postmaster.descendants().toList());
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(process -> process.onExit().join());
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var deadline = Instant.now().plus(RESTART);
            while (!answers()) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException("the server did not come back");
                }
                Thread.sleep(50);
            }
        }

        private static ProcessHandle postmaster(Path data) throws IOException {
            var pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
            return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        }

        private static boolean answers() {
            try {
                query("SELECT 1");
                return true;
            } catch (IllegalStateException e) {
                return false;
            }
        }

        private static String query(String sql) {
            try (var connection =
                            DriverManager.getConnection(url("postgres"), "postgres", "postgres");
                    var rows = connection.createStatement().executeQuery(sql)) {
                rows.next();
                return rows.getString(1);
            } catch (SQLException e) {
                throw new IllegalStateException("failed: " + sql, e);
            }
        }

        static String url(String database) {
            return urlAt(POSTGRES.getPort(), database);
        }

        static void execute(String database, String sql) {
            executeAt(POSTGRES.getPort(), database, sql);
        }

        private static String urlAt(int port, String database) {
            return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
        }

        private static void executeAt(int port, String database, String sql) {
            try (var connection =
                            DriverManager.getConnection(
                                    urlAt(port, database), "postgres", "postgres");
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException("failed: " + sql, e);
            }
        }
    }
}
