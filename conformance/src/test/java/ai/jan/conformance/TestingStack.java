// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The platform as {@code make run} starts it, on free ports and in a folder of its own; only the
 * unpacked distributions are shared with {@code make run}.
 */
public final class TestingStack implements AutoCloseable {
    private static final Duration START =
            Duration.ofMinutes(8); // the first start downloads and builds Keycloak
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final Process process;
    private final Path home;

    /**
     * @param name of the folder it lives in
     * @param settings environment variables besides the ports
     */
    public static TestingStack start(String name, Map<String, String> settings)
            throws IOException, InterruptedException {
        var home = Path.of("target", "stack-" + name).toAbsolutePath();
        Files.createDirectories(home);
        Files.deleteIfExists(home.resolve("stack.json"));
        forgetAnotherRealm(home);
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        ROOT.resolve("local-stack/target/local-stack.jar").toString());
        builder.directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("stack.out").toFile());
        var environment = builder.environment();
        environment
                .keySet()
                .removeIf(variable -> variable.startsWith("JAN_") && !variable.equals("JAN_DIST"));
        environment.put("JAN_HOME", home.toString());
        environment.putIfAbsent("JAN_DIST", ROOT.resolve(".jan/dist").toString());
        for (var port :
                new String[] {
                    "GATEWAY",
                    "STATUS",
                    "LLM_API",
                    "MCP_TOOLS",
                    "KEYCLOAK",
                    "KEYCLOAK_MANAGEMENT",
                    "DATABASE",
                    "MODEL"
                }) {
            environment.put("JAN_" + port + "_PORT", "0");
        }
        environment.putAll(settings);
        var stack = new TestingStack(builder.start(), home);
        stack.awaitReady();
        return stack;
    }

    /** Keycloak keeps the realm that it has imported once, also when the file changes. */
    private static void forgetAnotherRealm(Path home) throws IOException {
        var current = Files.readString(ROOT.resolve("keycloak-realm/realm-jan.json"));
        var imported = home.resolve("imported-realm.json");
        if (!Files.exists(imported) || !Files.readString(imported).equals(current)) {
            var keycloak = home.resolve("keycloak");
            if (Files.exists(keycloak)) {
                try (var files = Files.walk(keycloak)) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            Files.writeString(imported, current);
        }
    }

    private TestingStack(Process process, Path home) {
        this.process = process;
        this.home = home;
    }

    private void awaitReady() throws IOException, InterruptedException {
        var deadline = Instant.now().plus(START);
        while (!Files.exists(home.resolve("stack.json"))) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                var output = Files.readString(home.resolve("stack.out"));
                close();
                throw new IllegalStateException("the stack did not start:\n" + output);
            }
            Thread.sleep(200);
        }
    }

    /** The folder it lives in. */
    Path home() {
        return home;
    }

    /** The content of {@code stack.json}. */
    JsonNode described() throws IOException {
        return Json.parse(Files.readAllBytes(home.resolve("stack.json")));
    }

    URI gateway() throws IOException {
        return URI.create(described().path("gateway_url").asText());
    }

    String apiKey() throws IOException {
        return described().path("api_key").asText();
    }

    /** The passwords and keys that this stack made for itself, the API key included. */
    public Map<String, String> secrets() throws IOException {
        var properties = new Properties();
        try (var file = Files.newBufferedReader(home.resolve("secrets.properties"))) {
            properties.load(file);
        }
        var secrets = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(n -> secrets.put(n, properties.getProperty(n)));
        return secrets;
    }

    /** A new API key of anybody. */
    String newKey(String owner, String plan) throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        ROOT.resolve("kong-plugins/target/kong-plugins.jar").toString(),
                        "api-key",
                        "create",
                        "--owner",
                        owner,
                        "--name",
                        "test",
                        "--plan",
                        plan);
        builder.environment().keySet().removeIf(variable -> variable.startsWith("JAN_"));
        builder.environment().putAll(SecondNode.settings(this));
        var tool = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines()
                .filter(line -> line.startsWith("sk_"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the tool made no key: " + output));
    }

    /** Where its PostgreSQL is, for JDBC. */
    public String databaseUrl() throws IOException {
        return described().path("database_url").asText();
    }

    /** The process that now plays that part. */
    ProcessHandle part(String name) throws IOException {
        var pid = described().path("pids").path(name);
        if (!pid.isNumber()) {
            throw new IllegalArgumentException(
                    "no process " + name + " in " + described().path("pids"));
        }
        return ProcessHandle.of(pid.asLong())
                .orElseThrow(() -> new IllegalStateException(name + " has ended"));
    }

    /** Waits until another process has taken over the part of one that was killed. */
    void awaitReplacementOf(String name, long oldPid) throws IOException, InterruptedException {
        var deadline = Instant.now().plusSeconds(90);
        while (Instant.now().isBefore(deadline)) {
            var pid = described().path("pids").path(name).asLong(oldPid);
            if (pid != oldPid) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException(name + " was not restarted");
    }

    /** Everything any process wrote to the terminal or to a log file. */
    String output() throws IOException {
        return Files.readString(home.resolve("stack.out")) + logs();
    }

    /** Everything any process wrote to a log file. */
    String logs() throws IOException {
        var all = new StringBuilder();
        try (var files = Files.walk(home)) {
            for (var file : files.filter(path -> path.toString().endsWith(".log")).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    /** Every process of the stack, the supervisor included. */
    Map<String, ProcessHandle> processes() throws IOException {
        var all = new HashMap<String, ProcessHandle>();
        described()
                .path("pids")
                .properties()
                .forEach(entry ->
                        ProcessHandle.of(entry.getValue().asLong())
                                .ifPresent(handle -> all.put(entry.getKey(), handle)));
        return all;
    }

    @Override
    public void close() {
        Processes.end(process, STOP);
    }
}
