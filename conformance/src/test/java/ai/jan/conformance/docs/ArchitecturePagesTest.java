// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.conformance.deployment.ComposeFile;
import ai.jan.kit.config.PlatformSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of the pages say what Compose, kong.yml, the pom and the code say. */
class ArchitecturePagesTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern DEFAULTED = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");
    private static final Pattern SETTING = Pattern.compile("JAN_[A-Z_]*[A-Z]");

    /** Parts of the table of technology, and the property of the pom that is their version. */
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "Jetty", "jetty.version",
                    "OkHttp", "okhttp.version",
                    "the MCP SDK for Java", "mcp.version",
                    "Jdbi", "jdbi.version",
                    "HikariCP", "hikari.version",
                    "Flyway", "flyway.version",
                    "Keycloak", "keycloak.version");

    /** The same, and the service of Compose that has it. */
    private static final Map<String, String> IMAGES =
            Map.of(
                    "Kong Gateway", "kong",
                    "PostgreSQL", "api-db",
                    "Keycloak", "keycloak",
                    "vLLM", "vllm-cpu",
                    "OpenTelemetry Collector", "otel-collector",
                    "Jaeger", "jaeger",
                    "Prometheus", "prometheus",
                    "Grafana", "grafana");

    private final ComposeFile compose = ComposeFile.read();

    ArchitecturePagesTest() throws IOException {}

    @Test
    void nameThePortsThatComposePublishes() throws Exception {
        var external =
                Markdown.page("docs/architecture/README.md").table("Ports").stream()
                        .filter(row -> row.get(2).startsWith("external"))
                        .map(row -> row.get(1))
                        .toList();
        var published =
                compose.services().stream()
                        .flatMap(service -> service.ports().stream())
                        .map(port -> ComposeFile.resolved(port, _ -> ""))
                        .map(port -> port.split(":"))
                        .map(parts -> parts[parts.length - 2])
                        .distinct()
                        .toList();

        assertThat(external).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void nameTheVersionsThatAreUsed() throws Exception {
        var technology =
                String.join(
                        " ",
                        Markdown.page("docs/architecture/README.md").table("Technology").stream()
                                .map(row -> row.get(1))
                                .toList());
        var pom = Files.readString(Markdown.ROOT.resolve("pom.xml"));

        LIBRARIES.forEach((name, property) -> {
            var version = pom.replaceAll("(?s).*<" + property + ">([^<]*)<.*", "$1");
            assertThat(version).startsWith(versionIn(technology, name));
        });
        IMAGES.forEach((name, service) -> {
            var image = compose.service(service).image();
            assertThat(image.replaceFirst(".*:v?", "")).startsWith(versionIn(technology, name));
        });
    }

    @Test
    void nameTheImagesAndPortsOfEveryService() throws Exception {
        var rows = Markdown.page("docs/architecture/services.md").table("Services");
        assertThat(rows).hasSizeGreaterThanOrEqualTo(9);

        for (var row : rows) {
            var images = codes(row.get(1));
            for (var name : codes(row.get(0))) {
                var service = compose.service(name);
                if (row.get(1).equals("ours")) {
                    assertThat(service.isBuiltHere()).as(name).isTrue();
                } else {
                    assertThat(images).as(name).contains(service.image());
                }
                for (var port : service.ports()) {
                    assertThat(row.get(2))
                            .as(name)
                            .contains(port.substring(port.lastIndexOf(':') + 1));
                }
                var metrics = service.environment().get("JAN_METRICS_PORT");
                if (metrics != null) {
                    assertThat(row.get(2)).as(name).contains(metrics);
                }
            }
        }
    }

    @Test
    void nameEverySettingOfEveryProcess() throws Exception {
        var described = new TreeSet<String>();
        for (var row : Markdown.page("docs/architecture/README.md").table("Processes")) {
            SETTING.matcher(String.join(" ", row))
                    .results()
                    .forEach(setting -> described.add(setting.group()));
        }

        assertThat(described).containsAll(PlatformSettings.NAMES);
    }

    @Test
    void nameEverySettingOfComposeAndItsDefault() throws Exception {
        var described = new TreeMap<String, String>();
        for (var row : Markdown.page("docs/guides/deployment.md").table("Settings")) {
            var names = codes(row.get(0));
            var defaults = codes(row.get(1));
            for (int i = 0; i < names.size(); i++) {
                described.put(names.get(i), defaults.isEmpty() ? "" : defaults.get(i));
            }
        }
        var read = new TreeMap<String, String>();
        DEFAULTED
                .matcher(Files.readString(ComposeFile.FOLDER.resolve("compose.yaml")))
                .results()
                .forEach(setting -> read.put(setting.group(1), setting.group(2)));

        assertThat(described).isEqualTo(read);
    }

    @Test
    void nameThePluginsOfEveryRouteInTheOrderOfTheirPriorities() throws Exception {
        var chat =
                Markdown.page("docs/architecture/system-design.md").table("The gateway").stream()
                        .map(row -> codes(row.get(0)))
                        .flatMap(List::stream)
                        .toList();
        var kong = Files.readString(Markdown.ROOT.resolve("kong.yml"));

        assertThat(chat)
                .containsExactly(
                        "correlation-id",
                        "cors",
                        "jan-auth",
                        "request-size-limiting",
                        "jan-rewrite",
                        "jan-quota")
                .allSatisfy(plugin -> assertThat(kong).contains("- name: " + plugin));
        for (var row : Markdown.page("docs/architecture/system-design.md").table("The gateway")) {
            var plugin = codes(row.get(0)).getFirst();
            if (plugin.startsWith("jan-")) {
                var dump =
                        Files.readString(
                                Markdown.ROOT.resolve(
                                        "kong-plugins/target/dump/" + plugin + ".json"));
                assertThat(dump.replace(" ", "")).contains("\"Priority\":" + row.get(1));
            }
        }
    }

    @Test
    void nameTheSchemasOfTheDatabase() throws Exception {
        var described =
                Markdown.page("docs/architecture/system-design.md").table("The data").stream()
                        .map(row -> codes(row.get(0)).getFirst())
                        .toList();
        try (var folders =
                Files.list(
                        Markdown.ROOT.resolve(
                                "database/src/main/resources/ai/jan/database/migration"))) {
            assertThat(described)
                    .containsExactlyInAnyOrderElementsOf(
                            folders.map(folder -> folder.getFileName().toString()).toList());
        }
    }

    @Test
    void haveSequencesThatMermaidCanRead() throws Exception {
        int diagrams = 0;
        for (var page : Markdown.all()) {
            for (var block : page.blocks()) {
                if (block.language().equals("mermaid")) {
                    diagrams++;
                    assertThat(block.lines().getFirst())
                            .as("%s:%d", page.name(), block.number())
                            .matches("(flowchart (TB|LR)|sequenceDiagram|stateDiagram-v2)");
                    if (block.lines().getFirst().equals("sequenceDiagram")) {
                        assertThat(block.lines())
                                .as("%s:%d: there it ends a statement", page.name(), block.number())
                                .noneMatch(line -> line.contains(";"));
                    }
                }
            }
        }
        assertThat(diagrams).isGreaterThan(5);
    }

    @Test
    void nameTestsThatExist() throws Exception {
        var tests = new TreeSet<String>();
        for (var row :
                Markdown.page("docs/architecture/security.md")
                        .table("Threats, and the tests that hold them")) {
            tests.addAll(codes(row.get(2)));
        }
        assertThat(tests).hasSizeGreaterThan(10);

        var existing = new TreeSet<String>();
        try (var modules = Files.list(Markdown.ROOT)) {
            for (var sources : modules.map(each -> each.resolve("src/test/java")).toList()) {
                if (Files.isDirectory(sources)) {
                    try (var files = Files.walk(sources)) {
                        files.map(file -> file.getFileName().toString().replace(".java", ""))
                                .forEach(existing::add);
                    }
                }
            }
        }
        assertThat(existing).containsAll(tests);
    }

    /** The version behind a name, such as 12.1 behind "Jetty 12.1". */
    private static String versionIn(String text, String name) {
        var version = Pattern.compile(Pattern.quote(name) + " (\\d+(?:\\.\\d+)*)").matcher(text);
        assertThat(version.find()).as(name).isTrue();
        return version.group(1);
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
    }
}
