// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.stack.Ports;
import ai.jan.stack.Ports.Service;
import ai.jan.stack.Repository;
import ai.jan.stack.Terminal;
import ai.jan.stack.process.Launch;
import ai.jan.stack.process.ProcessRecords;
import ai.jan.stack.process.Supervisor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the gateway is told what to do; the real Kong is played by a script that writes it down. */
class GatewayIT {
    private static final String DECLARATION =
            """
            # llm-api-lite is a name that the hosts file knows
            services:
              - name: llm-api-lite
                url: http://llm-api-lite:8080
              - name: mcp-tools
                url: http://mcp-tools:8091
            """;

    @TempDir private Path folder;

    private Repository repository;
    private Path home;
    private Path socket;

    @BeforeEach
    void lay() throws Exception {
        repository = new Repository(folder.resolve("repository"));
        home = Files.createDirectories(folder.resolve("home"));
        socket = home.resolve("run/kong-plugins.sock");
        write("kong.yml", DECLARATION);
        write(
                "kong.conf",
                """
                database = off
                error_template_json = config/errors/openai.json # ours
                error_template_html = config/errors/openai.json
                error_template_plain = config/errors/openai.json
                """);
        write("config/errors/openai.json", "{}");
        write("kong-plugins/target/dump/jan-auth.json", "{}");
        write("kong-plugins/target/dump/jan-identity.json", "{}");
        write("kong-plugins/target/dump/jan-rewrite.json", "{}");
        write("kong-plugins/target/dump/jan-quota.json", "{}");
        write("local-gateway/target/local-gateway.jar", "");
    }

    @Test
    void startsTheStandInWithTheRepositorysFiles() throws Exception {
        var launch = gateway(ports(Map.of()), Optional.empty()).launch();

        assertThat(launch.command())
                .containsSubsequence(
                        "-jar",
                        file("local-gateway/target/local-gateway.jar"),
                        "--config",
                        file("kong.yml"),
                        "--conf",
                        file("kong.conf"));
        assertThat(launch.environment())
                .containsEntry("KONG_DATABASE", "off")
                .containsEntry("KONG_DECLARATIVE_CONFIG", file("kong.yml"))
                .containsEntry("KONG_PROXY_LISTEN", "127.0.0.1:8000")
                .containsEntry("KONG_ADMIN_LISTEN", "off")
                .containsEntry("KONG_PLUGINSERVER_JAN_AUTH_SOCKET", socket.toString())
                .containsEntry(
                        "KONG_PLUGINSERVER_JAN_AUTH_QUERY_CMD",
                        "cat " + file("kong-plugins/target/dump/jan-auth.json"))
                .containsEntry("KONG_PLUGINSERVER_JAN_REWRITE_SOCKET", socket.toString())
                .containsEntry(
                        "KONG_PLUGINSERVER_JAN_REWRITE_QUERY_CMD",
                        "cat " + file("kong-plugins/target/dump/jan-rewrite.json"))
                .containsEntry("KONG_PLUGINSERVER_JAN_QUOTA_SOCKET", socket.toString())
                .containsEntry(
                        "KONG_PLUGINSERVER_JAN_QUOTA_QUERY_CMD",
                        "cat " + file("kong-plugins/target/dump/jan-quota.json"))
                .containsEntry("KONG_PLUGINSERVER_JAN_IDENTITY_SOCKET", socket.toString())
                .containsEntry(
                        "KONG_PLUGINSERVER_JAN_IDENTITY_QUERY_CMD",
                        "cat " + file("kong-plugins/target/dump/jan-identity.json"))
                .containsEntry("JAN_PUBLIC_URL", "http://127.0.0.1:8000")
                .containsEntry("KONG_ERROR_TEMPLATE_JSON", file("config/errors/openai.json"))
                .containsEntry("KONG_ERROR_TEMPLATE_HTML", file("config/errors/openai.json"))
                .containsEntry("KONG_ERROR_TEMPLATE_PLAIN", file("config/errors/openai.json"))
                .containsEntry("JAN_ISSUER", "http://localhost:8085/realms/jan")
                .containsEntry(
                        "JAN_JWKS_URI",
                        "http://127.0.0.1:8085/realms/jan/protocol/openid-connect/certs")
                .doesNotContainKey("KONG_NGINX_DAEMON");
        assertThat(Path.of(launch.environment().get("KONG_DNS_HOSTSFILE")))
                .content()
                .contains("127.0.0.1 localhost llm-api-lite mcp-tools");
        assertThat(home.resolve("kong.yml")).doesNotExist();
    }

    @Test
    void patchesACopyWhenAServiceListensElsewhere() throws Exception {
        var gateway =
                gateway(
                        ports(Map.of(Service.LLM_API, 18080, Service.MCP_TOOLS, 18091)),
                        Optional.empty());

        var launch = gateway.launch();

        var copy = home.resolve("kong.yml");
        assertThat(launch.environment()).containsEntry("KONG_DECLARATIVE_CONFIG", copy.toString());
        assertThat(launch.command()).contains(copy.toString());
        assertThat(copy)
                .hasContent(DECLARATION.replace(":8080", ":18080").replace(":8091", ":18091"));
        assertThat(gateway.peculiarities())
                .anySatisfy(line -> assertThat(line).contains("patched"));
    }

    @Test
    void startsTheRealKongWithTheSameFilesAndOverrides() throws Exception {
        var standIn = gateway(ports(Map.of()), Optional.empty()).launch();
        var launch = gateway(ports(Map.of()), Optional.of(fakeKong())).launch();

        runShortly(launch);

        var prefix = home.resolve("kong").toString();
        assertThat(home.resolve("kong/arguments"))
                .hasContent(
                        "stop -p " + prefix + "\nstart -c " + file("kong.conf") + " -p " + prefix);
        var environment = Files.readAllLines(home.resolve("kong/environment"));
        assertThat(environment).contains("KONG_NGINX_DAEMON=off");
        standIn.environment().entrySet().stream()
                .filter(entry ->
                        entry.getKey().startsWith("KONG_") || entry.getKey().startsWith("JAN_"))
                .forEach(entry -> assertThat(environment).contains(entry.toString()));
    }

    private void runShortly(Launch launch) throws Exception {
        try (var supervisor =
                new Supervisor(
                        home.resolve("logs"),
                        new Terminal(new PrintStream(OutputStream.nullOutputStream())),
                        new ProcessRecords(home.resolve("pids")))) {
            supervisor.start(launch);
            var deadline = System.nanoTime() + 20_000_000_000L;
            while (!Files.exists(home.resolve("kong/started"))) {
                assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
                Thread.sleep(50);
            }
        }
    }

    private Path fakeKong() throws Exception {
        var script =
                write(
                        "bin/kong",
                        """
                        #!/bin/sh
                        echo "$@" >> "$KONG_PREFIX/arguments"
                        [ "$1" = start ] || exit 1
                        env > "$KONG_PREFIX/environment"
                        touch "$KONG_PREFIX/started"
                        exec sleep 600
                        """);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private Gateway gateway(Ports ports, Optional<Path> kong) {
        return new Gateway(
                repository,
                JavaCommand.QUICK,
                repository.file("kong.yml"),
                home,
                ports,
                socket,
                kong);
    }

    private static Ports ports(Map<Service, Integer> changed) {
        var numbers = new EnumMap<Service, Integer>(Service.class);
        for (var service : Service.values()) {
            numbers.put(service, service.usual());
        }
        numbers.putAll(changed);
        return new Ports(numbers);
    }

    private String file(String path) {
        return repository.root().resolve(path).toString();
    }

    private Path write(String path, String text) throws Exception {
        var file = repository.root().resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
