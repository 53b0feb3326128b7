// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.quota;

import ai.jan.conformance.Processes;
import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plugin servers and llm-api-lites, as processes on one database, that can be killed. */
final class QuotaNodes implements AutoCloseable {
    static final String KEY = "a key for plugin server and service";
    private static final Duration START = Duration.ofMinutes(3); // on a busy machine
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Starts quickly, for tests of what is right and not of how fast it is. */
    private static final List<String> QUICK =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m");

    private final TestingDatabase database;
    private final List<String> options;
    private final Path folder;
    private final int metricsPort = Processes.freePort();
    private final List<Process> plugins = new ArrayList<>();
    private final List<Process> services = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    private QuotaNodes(TestingDatabase database, String model, List<String> options)
            throws IOException {
        this.database = database;
        this.options = options;
        this.folder = Files.createTempDirectory(Path.of("/tmp"), "jan"); // a socket's path is short
        Files.writeString(
                folder.resolve("backends.yml"),
                "backends: [{name: one, url: '%s', models: [%s]}]"
                        .formatted(model, TokenModel.NAME));
    }

    static QuotaNodes start(TestingDatabase database, String model, int pluginServers, int llmApis)
            throws Exception {
        return new QuotaNodes(database, model, QUICK).started(pluginServers, llmApis);
    }

    /** With the JVM's options of the images. */
    static QuotaNodes startAsInImages(
            TestingDatabase database, String model, int pluginServers, int llmApis)
            throws Exception {
        var options = new ArrayList<>(Files.readAllLines(ROOT.resolve("images/java.options")));
        options.add("-Xmx256m");
        return new QuotaNodes(database, model, options).started(pluginServers, llmApis);
    }

    private QuotaNodes started(int pluginServers, int llmApis) throws Exception {
        try {
            startAll(pluginServers, llmApis);
            return this;
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void startAll(int pluginServers, int llmApis) throws Exception {
        for (int i = 0; i < pluginServers; i++) {
            plugins.add(startPlugins(i));
        }
        for (int i = 0; i < llmApis; i++) {
            ports.add(Processes.freePort());
            services.add(startService(i));
        }
        for (int i = 0; i < llmApis; i++) {
            awaitPort(ports.get(i));
        }
        for (int i = 0; i < pluginServers; i++) {
            awaitFile(socket(i));
        }
    }

    Path socket(int node) {
        return folder.resolve("s" + node);
    }

    int pluginServers() {
        return plugins.size();
    }

    URI service(int node) {
        return URI.create("http://127.0.0.1:" + ports.get(node));
    }

    /** Of the first plugin server. */
    URI metrics() {
        return URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
    }

    int llmApis() {
        return services.size();
    }

    /** By SIGKILL, in the middle of whatever it does; another takes its place. */
    void killPlugins(int node) throws IOException {
        plugins.get(node).destroyForcibly();
        plugins.set(node, startPlugins(node));
    }

    /** By SIGKILL, in the middle of whatever it does; another takes its place. */
    void killService(int node) throws IOException {
        services.get(node).destroyForcibly();
        services.set(node, startService(node));
    }

    @Override
    public void close() throws IOException {
        for (var process : plugins) {
            process.destroyForcibly().onExit().join();
        }
        for (var process : services) {
            process.destroyForcibly().onExit().join();
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private Process startPlugins(int node) throws IOException {
        var environment = login(database.settings(LoginRole.PLUGINS));
        environment.put("JAN_API_KEY_PEPPER", "p".repeat(32));
        environment.put("JAN_IDENTITY_KEY_LLM_API_LITE", KEY);
        environment.put("JAN_IDENTITY_KEY_MCP_TOOLS", "m".repeat(32));
        if (node == 0) {
            environment.put("JAN_METRICS_PORT", String.valueOf(metricsPort));
        }
        return start("kong-plugins", environment, "serve", "--socket", socket(node).toString());
    }

    private Process startService(int node) throws IOException {
        var environment = login(database.settings(LoginRole.LLM_API));
        environment.put("JAN_IDENTITY_KEY_LLM_API_LITE", KEY);
        environment.put("JAN_BACKENDS_FILE", folder.resolve("backends.yml").toString());
        environment.put("JAN_HTTP_PORT", ports.get(node).toString());
        return start("llm-api-lite", environment, "serve");
    }

    private static Map<String, String> login(DatabaseSettings settings) {
        return new HashMap<>(
                Map.of(
                        "JAN_DATABASE_URL", settings.url(),
                        "JAN_DATABASE_USER", settings.user(),
                        "JAN_DATABASE_PASSWORD", settings.password().reveal()));
    }

    private Process start(String module, Map<String, String> environment, String... arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-jar");
        command.add(ROOT.resolve(module + "/target/" + module + ".jar").toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        var log = Path.of("target", "quota-" + module + ".log").toFile();
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().keySet().removeIf(name -> name.startsWith("JAN_"));
        builder.environment().putAll(environment);
        builder.environment().put("JAN_STOP_ON_STDIN_EOF", "true"); // they end when we do
        return builder.start();
    }

    private static void awaitPort(int port) throws Exception {
        var deadline = Instant.now().plus(START);
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static void awaitFile(Path file) throws Exception {
        var deadline = Instant.now().plus(START);
        while (!Files.exists(file)) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the plugin server did not start");
            }
            Thread.sleep(100);
        }
    }
}
