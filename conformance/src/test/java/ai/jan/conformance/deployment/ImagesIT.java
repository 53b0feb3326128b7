// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.conformance.Processes;
import ai.jan.conformance.TestingStack;
import ai.jan.kit.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs what the images hold as their containers would, without Docker: the folder that {@code
 * images/assemble} makes, the Dockerfile's entry point and health check, Compose's command and
 * environment; with a real database.
 */
@Tag("deploy")
class ImagesIT {
    private static final Duration UP = Duration.ofSeconds(90);
    private static final Path WORK = Path.of("target", "images").toAbsolutePath();

    private static final List<String> MODULES =
            List.of("kong-plugins", "llm-api-lite", "mcp-tools");

    private static TestingStack stack;

    private final ComposeFile compose = ComposeFile.read();

    ImagesIT() throws IOException {}

    @BeforeAll
    static void startDatabase() throws Exception {
        stack =
                TestingStack.start(
                        "images", Map.of("JAN_KEYCLOAK", "off", "JAN_MODEL", "scripted"));
        run(Map.of(), "rm", "-rf", WORK.toString());
        for (var module : MODULES) {
            run(
                    Map.of("JAVA_HOME", System.getProperty("java.home")),
                    "sh",
                    "images/assemble",
                    module,
                    WORK.resolve(module).toString());
        }
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void migratesTheDatabase() throws Exception {
        var migration = start("migrate", Map.of());

        assertThat(migration.process().waitFor(UP.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(migration.process().exitValue()).as(migration.output()).isZero();
        assertThat(migration.output()).doesNotContain("[aot]");
    }

    @Test
    void servesTheApi() throws Exception {
        isHealthyAndStopsWhenAsked("llm-api-lite", "8080", "JAN_HTTP_PORT");
    }

    @Test
    void servesThePlugins() throws Exception {
        isHealthyAndStopsWhenAsked("kong-plugins", "9101", "JAN_METRICS_PORT");
    }

    @Test
    void servesTheTools() throws Exception {
        isHealthyAndStopsWhenAsked("mcp-tools", "8091", "JAN_HTTP_PORT");
    }

    @Test
    void theImagesListTheLibrariesThatTheyHold() throws Exception {
        for (var module : MODULES) {
            var folder = WORK.resolve(module);
            var bom = Json.parse(Files.readString(folder.resolve("sbom.cdx.json")));
            assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
            var listed = new ArrayList<String>();
            for (var component : bom.path("components")) {
                listed.add(
                        component.path("name").asText() + "-" + component.path("version").asText());
            }
            try (var jars = Files.list(folder.resolve("lib"))) {
                assertThat(jars.map(jar -> jar.getFileName().toString().replace(".jar", "")))
                        .as(module)
                        .hasSizeGreaterThan(10)
                        .allMatch(jar -> listed.stream().anyMatch(jar::startsWith));
            }
        }
    }

    private void isHealthyAndStopsWhenAsked(String service, String imagePort, String setting)
            throws Exception {
        var port = String.valueOf(Processes.freePort());
        var container = start(service, Map.of(setting, port));
        try {
            var check = new ArrayList<>(List.of("bash", "images/healthy"));
            var declared = Dockerfile.target(compose.service(service).target()).healthCheck();
            for (var argument : declared.subList(1, declared.size())) {
                check.add(argument.equals(imagePort) ? port : here(service, argument));
            }
            awaitHealth(check, container);
        } finally {
            container.process().destroy();
        }

        assertThat(container.process().waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        assertThat(container.process().exitValue()).as(container.output()).isIn(0, 143);
        assertThat(container.output())
                .as("the JVM complains of an AOT cache it cannot use")
                .doesNotContain("[aot]");
    }

    private static void awaitHealth(List<String> check, Container container) throws Exception {
        var deadline = Instant.now().plus(UP);
        while (true) {
            var health =
                    new ProcessBuilder(check)
                            .directory(ComposeFile.ROOT.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (health.waitFor(10, TimeUnit.SECONDS) && health.exitValue() == 0) {
                return;
            }
            assertThat(container.process().isAlive()).as(container.output()).isTrue();
            assertThat(Instant.now()).as(container.output()).isBefore(deadline);
            Thread.sleep(200);
        }
    }

    private Container start(String name, Map<String, String> ports) throws Exception {
        var service = compose.service(name);
        var target = service.target();
        var image = Dockerfile.target(target);
        var command = new ArrayList<String>();
        for (var argument : image.entrypoint()) {
            command.add(here(target, argument));
        }
        for (var argument : service.command().isEmpty() ? image.command() : service.command()) {
            command.add(here(target, argument));
        }
        var log = WORK.resolve(name + ".log");
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Files.createDirectories(WORK.resolve("run"));
        builder.environment().clear();
        var secrets = stack.secrets();
        for (var setting : service.environment().entrySet()) {
            var value =
                    ComposeFile.resolved(setting.getValue(), secret -> secretOf(secrets, secret));
            builder.environment().put(setting.getKey(), here(target, value));
        }
        builder.environment().putAll(ports);
        return new Container(builder.start(), log);
    }

    /** What stands here for a path or an address of the containers. */
    private static String here(String module, String text) throws IOException {
        return text.replace("/opt/jan", WORK.resolve(module).toString())
                .replace("/run/jan", WORK.resolve("run").toString())
                .replace(
                        "/etc/jan/backends.yml",
                        ComposeFile.FOLDER.resolve("backends.yml").toString())
                .replace("jdbc:postgresql://api-db:5432/jan", stack.databaseUrl())
                .replace("0.0.0.0", "127.0.0.1");
    }

    private static String secretOf(Map<String, String> secrets, String variable) {
        var name = variable.toLowerCase(Locale.ROOT).replaceFirst("^jan_", "");
        return secrets.getOrDefault(name, "a-secret-that-no-process-here-checks-00");
    }

    private static void run(Map<String, String> environment, String... command) throws Exception {
        var log = Files.createTempFile("images", ".log");
        var builder =
                new ProcessBuilder(command)
                        .directory(ComposeFile.ROOT.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(new HashMap<>(environment));
        var process = builder.start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", List.of(command)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    private record Container(Process process, Path log) {
        String output() throws IOException {
            return Files.readString(log);
        }
    }
}
