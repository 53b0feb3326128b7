// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process as operators start it. */
@Timeout(120)
class MainIT {
    private static final Pattern ADDRESS = Pattern.compile("serving at (http://[^\\s\"]+)");

    @TempDir private static Path folder;
    private static TestingDatabase storage;
    private static Path backends;

    @BeforeAll
    static void start() throws Exception {
        storage = TestingDatabase.empty();
        backends =
                Files.writeString(
                        folder.resolve("backends.yml"),
                        "backends: [{name: one, url: 'http://127.0.0.1:9/v1', models: [m]}]");
    }

    @AfterAll
    static void stop() {
        storage.close();
    }

    @Test
    void migratesServesAndStopsWhenAskedTo() throws Exception {
        var migration = LlmApiProcess.command("migrate", migration()).start();
        assertThat(text(migration)).contains("the database is at version");
        assertThat(migration.waitFor()).isZero();

        var server = LlmApiProcess.command("serve", serving(0)).start();
        var log = new StringBuilder();
        try (var lines = server.errorReader()) {
            for (String line; (line = lines.readLine()) != null; ) {
                log.append(line).append('\n');
                var address = ADDRESS.matcher(line);
                if (address.find()) {
                    assertHealthy(URI.create(address.group(1)));
                    server.toHandle().destroy();
                }
            }
        }
        assertThat(server.waitFor()).as(log.toString()).isZero();
        assertThat(log).doesNotContain(secret(LoginRole.LLM_API)).doesNotContain("i".repeat(32));
    }

    @Test
    void tellsAllThatIsWrongWithItsSettings() throws Exception {
        var environment = new HashMap<>(serving(0));
        environment.put("JAN_HTTP_PROT", "8080");
        environment.put("JAN_IDENTITY_KEY_LLM_API_LITE", "short");
        environment.put("JAN_DATABASE_URL", "postgres:5432");
        environment.remove("JAN_BACKENDS_FILE");
        var process = LlmApiProcess.command("serve", environment).start();
        assertThat(text(process))
                .contains("JAN_HTTP_PROT is not a setting", "did you mean JAN_HTTP_PORT?")
                .contains("JAN_IDENTITY_KEY_LLM_API_LITE is too short")
                .contains("JAN_DATABASE_URL is 'postgres:5432'")
                .contains("JAN_BACKENDS_FILE is missing");
        assertThat(process.waitFor()).isEqualTo(78);
    }

    @Test
    void tellsWhatItCanBeAskedToDo() throws Exception {
        var process = LlmApiProcess.command("sevre", Map.of()).start();
        assertThat(text(process)).contains("usage: java -jar llm-api-lite.jar serve | migrate");
        assertThat(process.waitFor()).isEqualTo(64);
    }

    @Test
    void saysThatItsPortIsTaken() throws Exception {
        try (var migrated = TestingDatabase.migrated();
                var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var environment = new HashMap<>(serving(other.getLocalPort()));
            environment.put("JAN_DATABASE_URL", migrated.settings(LoginRole.LLM_API).url());
            var process = LlmApiProcess.command("serve", environment).start();
            assertThat(text(process))
                    .contains("cannot listen on 127.0.0.1:" + other.getLocalPort());
            assertThat(process.waitFor()).isEqualTo(69);
        }
    }

    private static void assertHealthy(URI address) throws Exception {
        var request = HttpRequest.newBuilder(address.resolve("/healthz")).build();
        try (var client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    private static Map<String, String> migration() {
        return Map.of(
                "JAN_DATABASE_URL", storage.owner().url(),
                "JAN_MIGRATION_USER", storage.owner().user(),
                "JAN_MIGRATION_PASSWORD", "any",
                "JAN_PLUGINS_DATABASE_PASSWORD", secret(LoginRole.PLUGINS),
                "JAN_LLM_API_DATABASE_PASSWORD", secret(LoginRole.LLM_API),
                "JAN_MCP_TOOLS_DATABASE_PASSWORD", secret(LoginRole.MCP_TOOLS));
    }

    private static Map<String, String> serving(int port) {
        var login = storage.settings(LoginRole.LLM_API);
        return Map.of(
                "JAN_HTTP_PORT", String.valueOf(port),
                "JAN_DATABASE_URL", login.url(),
                "JAN_DATABASE_USER", login.user(),
                "JAN_DATABASE_PASSWORD", login.password().reveal(),
                "JAN_IDENTITY_KEY_LLM_API_LITE", "i".repeat(32),
                "JAN_BACKENDS_FILE", backends.toString());
    }

    private static String secret(LoginRole role) {
        return storage.settings(role).password().reveal();
    }

    private static String text(Process process) throws Exception {
        return new String(process.getErrorStream().readAllBytes(), UTF_8);
    }
}
