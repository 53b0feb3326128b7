// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.jan.database.Database;
import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.Migration;
import ai.jan.database.MigrationSettings;
import ai.jan.database.SchemaVersion;
import ai.jan.kit.config.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the deployment guide says of backups, with the commands that it shows: the dump of one
 * server is restored on another that has just been made, and the processes' roles find everything
 * again.
 */
@Tag("deploy")
class BackupIT {
    private static final Path GUIDE = ComposeFile.ROOT.resolve("docs/guides/deployment.md");
    private static final String IN_CONTAINER =
            "docker compose -f compose/compose.yaml exec -T api-db ";
    private static final Secret PASSWORD = new Secret("a-password-of-this-test");

    @Test
    void aDumpIsRestoredOnANewServer(@TempDir Path folder) throws Exception {
        assumeTrue(
                InstalledPostgres.programs().isPresent(),
                "PostgreSQL's own programs are installed");
        var dump = folder.resolve("jan.dump");

        try (var server = InstalledPostgres.start(folder.resolve("one"))) {
            prepare(server);
            try (var database = open(server)) {
                keepSomething(database);
            }
            server.shell(command("pg_dump").replace("jan.dump", dump.toString()));
        }

        try (var server = InstalledPostgres.start(folder.resolve("two"))) {
            prepare(server);
            server.shell(command("pg_restore").replace("jan.dump", dump.toString()));
            try (var database = open(server)) {
                assertThat(SchemaVersion.state(database)).isEmpty();
                assertThat(owners(database)).containsExactly("ada");
            }
            Migration.run(migration(server));
        }
    }

    /** As the first start of api-db and the migration do. */
    private static void prepare(InstalledPostgres server) throws Exception {
        server.shell(
                "JAN_MIGRATION_PASSWORD=%s sh '%s'"
                        .formatted(
                                PASSWORD.reveal(), ComposeFile.FOLDER.resolve("postgres/jan.sh")));
        Migration.run(migration(server));
    }

    private static MigrationSettings migration(InstalledPostgres server) {
        return new MigrationSettings(
                settings(server, "jan_migration"),
                Map.of(
                        LoginRole.PLUGINS, PASSWORD,
                        LoginRole.LLM_API, PASSWORD,
                        LoginRole.MCP_TOOLS, PASSWORD));
    }

    private static Database open(InstalledPostgres server) {
        return Database.open(settings(server, LoginRole.LLM_API.roleName()), "test");
    }

    private static DatabaseSettings settings(InstalledPostgres server, String role) {
        return new DatabaseSettings(server.url("jan"), role, PASSWORD);
    }

    private static void keepSomething(Database database) {
        database.with(handle ->
                handle.execute(
                        "INSERT INTO chat.conversations (id, owner, metadata) VALUES (gen_random_uuid(), 'ada', '{}')"));
    }

    private static List<String> owners(Database database) {
        return database.with(handle ->
                handle.createQuery("SELECT owner FROM chat.conversations")
                        .mapTo(String.class)
                        .list());
    }

    /** The guide's command, as it runs inside the container. */
    private static String command(String program) throws Exception {
        return Files.readAllLines(GUIDE).stream()
                .filter(line -> line.startsWith(IN_CONTAINER + program))
                .map(line -> line.substring(IN_CONTAINER.length()))
                .findFirst()
                .orElseThrow();
    }
}
