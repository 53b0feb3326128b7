// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The process, by its contract: commands, settings, exit status. */
@Timeout(60)
class MainIT {
    private record Ended(int status, String out, String err) {}

    @Test
    void issuesAKeyAndPrintsNothingElse() throws Exception {
        try (var postgres = TestingDatabase.migrated()) {
            var environment = environment(postgres.settings(LoginRole.PLUGINS));
            var ended =
                    run(
                            environment,
                            "api-key",
                            "create",
                            "--owner",
                            "o",
                            "--name",
                            "n",
                            "--plan",
                            "user");
            assertThat(ended.status).isZero();
            assertThat(ended.out).matches("sk_live_[0-9a-f]{48}\n");
            assertThat(ended.err).doesNotContain(ended.out.strip());
        }
    }

    @Test
    void saysThatTheDatabaseIsNotAvailable() throws Exception {
        var ended =
                run(
                        environment(null),
                        "api-key",
                        "create",
                        "--owner",
                        "o",
                        "--name",
                        "n",
                        "--plan",
                        "user");
        assertThat(ended.status).isEqualTo(69);
        assertThat(ended.out).isEmpty();
    }

    @Test
    void servesWithoutADatabaseUntilItIsToldToStop() throws Exception {
        var folder = Files.createTempDirectory(Path.of("/tmp"), "jan");
        var socket = folder.resolve("s");
        var process = start(environment(null), "serve", "--socket", socket.toString());
        try {
            var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!Files.exists(socket)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(20);
            }
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(socket).doesNotExist();
        } finally {
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
    }

    @Test
    void reportsAllThatIsWrongWithItsSettings() throws Exception {
        var environment = environment(null);
        environment.remove("JAN_DATABASE_USER");
        environment.put("JAN_API_KEY_PEPPER", "short");
        environment.put("JAN_IDENTITY_KEY_MCP_TOOL", "x".repeat(32));
        var ended = run(environment, "serve", "--socket", "/tmp/never");
        assertThat(ended.status).isEqualTo(78);
        assertThat(ended.err)
                .contains("JAN_DATABASE_USER", "JAN_API_KEY_PEPPER", "did you mean")
                .doesNotContain("short pepper");
    }

    @Test
    void refusesAWrongCommandLine() throws Exception {
        for (var arguments :
                List.of(List.of("sevre"), List.of("serve"), List.of("dump", "jan-oath"))) {
            var ended = run(environment(null), arguments.toArray(String[]::new));
            assertThat(ended.status).as("%s", arguments).isEqualTo(64);
            assertThat(ended.err).contains("usage:");
        }
    }

    @Test
    void dumpsWhatTheBuildDumped() throws Exception {
        assertThat(run(Map.of(), "dump", "jan-identity").out)
                .isEqualTo(Files.readString(Path.of("target/dump/jan-identity.json")))
                .contains("\"jan-identity\"", "800");
        var ended = run(Map.of(), "dump", "jan-auth");
        assertThat(ended.status).isZero();
        assertThat(ended.out)
                .isEqualTo(Files.readString(Path.of("target/dump/jan-auth.json")))
                .contains("\"ProtoBuf:1\"", "\"jan-auth\"", "1251", "\"access\"");
    }

    @Test
    void countsEventsWherePrometheusReadsThem() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var environment = new HashMap<>(environment(null));
        environment.put("JAN_METRICS_PORT", String.valueOf(port));
        var folder = Files.createTempDirectory(Path.of("/tmp"), "jan"); // a socket's path is short
        var socket = folder.resolve("s");
        var process = start(environment, "serve", "--socket", socket.toString());
        try (var client = HttpClient.newHttpClient()) {
            while (process.isAlive() && !Files.exists(socket)) {
                Thread.sleep(20);
            }
            try (var worker = new KongWorker(socket, Timeouts.of(Duration.ofSeconds(10)))) {
                var plugin =
                        PluginEntity.global(
                                "00000000-0000-4000-8000-000000000001",
                                "jan-auth",
                                JsonNodeFactory.instance.objectNode(),
                                1);
                worker.run(plugin, Phase.ACCESS, (method, argument) -> null);
            }
            var request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));

            var metrics = client.send(request.build(), BodyHandlers.ofString()).body();

            assertThat(metrics)
                    .contains(
                            "jan_plugin_refused_configurations_total{plugin=\"jan-auth\",} 1.0",
                            "jan_plugin_events_total{plugin=\"jan-auth\",phase=\"access\",ending=\"failed\",} 1.0");
        } finally {
            process.destroy();
            process.waitFor();
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
    }

    private static Map<String, String> environment(DatabaseSettings database) {
        var environment = new HashMap<String, String>();
        environment.put(
                "JAN_DATABASE_URL",
                database == null ? "jdbc:postgresql://127.0.0.1:1/jan" : database.url());
        environment.put("JAN_DATABASE_USER", database == null ? "u" : database.user());
        environment.put(
                "JAN_DATABASE_PASSWORD", database == null ? "p" : database.password().reveal());
        environment.put("JAN_API_KEY_PEPPER", "p".repeat(32));
        environment.put("JAN_IDENTITY_KEY_LLM_API_LITE", "l".repeat(32));
        environment.put("JAN_IDENTITY_KEY_MCP_TOOLS", "m".repeat(32));
        return environment;
    }

    private static Ended run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        var process = start(environment, arguments);
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        var err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), out, err);
    }

    private static Process start(Map<String, String> environment, String... arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("JAN_"));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
