// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One more node of a running stack: a plugin server, which is a process of its own, and a gateway
 * in front of it. Database, Keycloak and services are the stack's. It does not follow the realm's
 * events: the stack's plugin server does.
 */
final class SecondNode implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration START = Duration.ofSeconds(60);

    private final Path socket;
    private final Process plugins;
    private final SecondGateway gateway;

    private SecondNode(Path socket, Process plugins, SecondGateway gateway) {
        this.socket = socket;
        this.plugins = plugins;
        this.gateway = gateway;
    }

    /** A node like the first. */
    static SecondNode start(TestingStack stack, String name)
            throws IOException, InterruptedException {
        return start(stack, name, databasePort(stack), keycloakPort(stack));
    }

    /** A node that reaches database and Keycloak at ports of its own; works when this returns. */
    static SecondNode start(TestingStack stack, String name, int databasePort, int keycloakPort)
            throws IOException, InterruptedException {
        var log = Files.createDirectories(stack.home().resolve(name)).resolve("kong-plugins.log");
        // a socket's path is short
        var socket = Files.createTempDirectory(Path.of("/tmp"), "jan").resolve("s");
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx192m",
                        "-jar",
                        ROOT.resolve("kong-plugins/target/kong-plugins.jar").toString(),
                        "serve",
                        "--socket",
                        socket.toString());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(each -> each.startsWith("JAN_"));
        builder.environment().putAll(settings(stack, databasePort, keycloakPort));
        var plugins = builder.start();
        var declaration = Files.readString(stack.home().resolve("kong.yml"));
        var node =
                new SecondNode(
                        socket,
                        plugins,
                        SecondGateway.start(stack, name, declaration, socket, keycloakPort));
        try {
            node.awaitSocket(log);
            node.gateway().awaitChange(stack.apiKey(), 503, 200, START);
            return node;
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            node.close();
            throw e;
        }
    }

    static int databasePort(TestingStack stack) throws IOException {
        return URI.create(stack.databaseUrl().substring("jdbc:".length())).getPort();
    }

    static int keycloakPort(TestingStack stack) throws IOException {
        return URI.create(stack.described().path("keycloak_url").asText()).getPort();
    }

    /** What the stack's own plugin server is told. */
    static Map<String, String> settings(TestingStack stack) throws IOException {
        return settings(stack, databasePort(stack), keycloakPort(stack));
    }

    private static Map<String, String> settings(
            TestingStack stack, int databasePort, int keycloakPort) throws IOException {
        var database = stack.databaseUrl().replaceFirst(":\\d+/", ":" + databasePort + "/");
        var secrets = stack.secrets();
        return Map.of(
                "JAN_STOP_ON_STDIN_EOF",
                "true", // it ends when we do
                "JAN_DATABASE_URL",
                database,
                "JAN_DATABASE_USER",
                "jan_plugins",
                "JAN_DATABASE_PASSWORD",
                secrets.get("plugins_database_password"),
                "JAN_API_KEY_PEPPER",
                secrets.get("api_key_pepper"),
                "JAN_IDENTITY_KEY_LLM_API_LITE",
                secrets.get("identity_key_llm_api_lite"),
                "JAN_IDENTITY_KEY_MCP_TOOLS",
                secrets.get("identity_key_mcp_tools"),
                "JAN_KEYCLOAK_URL",
                "http://127.0.0.1:" + keycloakPort,
                "JAN_KEYCLOAK_CLIENT_SECRET",
                secrets.get("keycloak_client_secret"));
    }

    private void awaitSocket(Path log) throws IOException, InterruptedException {
        var deadline = Instant.now().plus(START);
        while (!Files.exists(socket)) {
            if (!plugins.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(
                        "the plugin server did not start:\n" + Files.readString(log));
            }
            Thread.sleep(50);
        }
    }

    /** Its gateway, as a client sees it. */
    Gateway gateway() {
        return new Gateway(gateway.url());
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        Processes.end(plugins, Duration.ofSeconds(10));
        Files.deleteIfExists(socket);
        Files.delete(socket.getParent());
    }
}
