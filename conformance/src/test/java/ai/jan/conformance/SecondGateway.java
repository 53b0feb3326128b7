// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One more gateway for a running stack, on a port of its own: the same plugin server and services,
 * but another policy in {@code kong.yml}.
 */
final class SecondGateway implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    private SecondGateway(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * @param declaration the content of {@code kong.yml}
     */
    static SecondGateway start(TestingStack stack, String name, String declaration)
            throws IOException, InterruptedException {
        return start(stack, name, declaration, Map.of());
    }

    /**
     * @param settings of Kong itself, by the names of environment variables
     */
    static SecondGateway start(
            TestingStack stack, String name, String declaration, Map<String, String> settings)
            throws IOException, InterruptedException {
        return start(
                stack,
                name,
                declaration,
                pluginSocket(stack),
                SecondNode.keycloakPort(stack),
                settings);
    }

    /**
     * @param plugins the socket of a plugin server that need not be the stack's
     * @param keycloakPort where that one fetches Keycloak's keys
     */
    static SecondGateway start(
            TestingStack stack, String name, String declaration, Path plugins, int keycloakPort)
            throws IOException, InterruptedException {
        return start(stack, name, declaration, plugins, keycloakPort, Map.of());
    }

    private static SecondGateway start(
            TestingStack stack,
            String name,
            String declaration,
            Path plugins,
            int keycloakPort,
            Map<String, String> settings)
            throws IOException, InterruptedException {
        var home = Files.createDirectories(stack.home().resolve(name));
        var file = Files.writeString(home.resolve("kong.yml"), declaration);
        int port = Processes.freePort();
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-jar",
                        ROOT.resolve("local-gateway/target/local-gateway.jar").toString(),
                        "--config",
                        file.toString(),
                        "--conf",
                        ROOT.resolve("kong.conf").toString());
        builder.directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("gateway.log").toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(each -> each.startsWith("JAN_") || each.startsWith("KONG_"));
        environment.putAll(settings);
        environment.put("JAN_STOP_ON_STDIN_EOF", "true"); // it ends when we do
        environment.put(
                "JAN_ISSUER", stack.described().path("keycloak_url").asText() + "/realms/jan");
        environment.put(
                "JAN_JWKS_URI",
                "http://127.0.0.1:" + keycloakPort + "/realms/jan/protocol/openid-connect/certs");
        environment.put("JAN_PUBLIC_URL", "http://127.0.0.1:" + port);
        environment.put("KONG_PREFIX", home.toString());
        environment.put("KONG_PROXY_LISTEN", "127.0.0.1:" + port);
        environment.put("KONG_STATUS_LISTEN", "off");
        environment.put("KONG_ADMIN_LISTEN", "off");
        environment.put(
                "KONG_DNS_HOSTSFILE",
                Files.writeString(home.resolve("hosts"), "127.0.0.1 llm-api-lite mcp-tools\n")
                        .toString());
        for (var plugin : pluginNames()) {
            var key = "KONG_PLUGINSERVER_" + plugin.toUpperCase(Locale.ROOT);
            environment.put(key.replace('-', '_') + "_SOCKET", plugins.toString());
            environment.put(
                    key.replace('-', '_') + "_QUERY_CMD",
                    "cat " + ROOT.resolve("kong-plugins/target/dump/" + plugin + ".json"));
        }
        var gateway = new SecondGateway(builder.start(), port);
        gateway.awaitReady(home.resolve("gateway.log"));
        return gateway;
    }

    /** Each is a plugin server to Kong; all are one process. */
    private static List<String> pluginNames() throws IOException {
        return Files.readAllLines(ROOT.resolve("kong.conf")).stream()
                .filter(line -> line.startsWith("pluginserver_names"))
                .flatMap(line -> List.of(line.split("=", 2)[1].strip().split(",")).stream())
                .toList();
    }

    private static Path pluginSocket(TestingStack stack) throws IOException {
        var arguments = stack.part("kong-plugins").info().arguments().orElseThrow();
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals("--socket")) {
                return Path.of(arguments[i + 1]);
            }
        }
        throw new IllegalStateException("the plugin server's command names no socket");
    }

    private void awaitReady(Path log) throws IOException, InterruptedException {
        var deadline = Instant.now().plus(START);
        while (!accepts()) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                close();
                throw new IllegalStateException(
                        "the gateway did not start:\n" + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    private boolean accepts() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        Processes.end(process, Duration.ofSeconds(10));
    }
}
