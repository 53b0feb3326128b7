// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart runs what Compose runs: the same images, environments, commands and files. */
@Tag("deploy")
class ChartAndComposeTest {
    private static final Pattern SECRET = Pattern.compile("\\$\\{([A-Z_]+):\\?run make env}");

    /** What only one of the two has to say. */
    private static final List<String> CHART_ONLY = List.of("KONG_NGINX_WORKER_PROCESSES");

    private static final List<String> COMPOSE_ONLY =
            List.of(
                    "HF_TOKEN",
                    "OTEL_EXPORTER_OTLP_ENDPOINT", // in the chart they are among extraEnv
                    "OTEL_TRACES_SAMPLER_ARG",
                    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
                    "KONG_TRACING_INSTRUMENTATIONS",
                    "JAN_TRACES_URL");

    private final ComposeFile compose = ComposeFile.read();

    ChartAndComposeTest() throws IOException {}

    @ParameterizedTest
    @CsvSource({
        "development, kong, kong-plugins, kong-plugins",
        "development, kong, kong, kong",
        "development, llm-api-lite, llm-api-lite, llm-api-lite",
        "development, mcp-tools, mcp-tools, mcp-tools",
        "development, migrate, migrate, migrate",
        "development, keycloak, keycloak, keycloak",
        "development, api-db, postgres, api-db",
        "development, keycloak-db, postgres, keycloak-db",
        "development, vllm, vllm, vllm-cpu",
        "development, searxng, searxng, searxng",
        "development, sandbox, sandbox, sandbox",
        "development-deck, kong, kong, kong-with-database",
        "development-deck, kong-migrations, kong-migrations, kong-migrations",
        "development-deck, kong-db, postgres, kong-db",
        "development-deck, deck-sync, deck, deck",
    })
    void startsTheSameImageInTheSameEnvironment(
            String values, String pod, String container, String service) throws IOException {
        var deployed = Chart.rendered(values).pod(pod).container(container);
        var composed = compose.service(service);

        assertThat(deployed.fields().text("image"))
                .isEqualTo(ComposeFile.resolved(composed.image(), _ -> ""));
        assertThat(without(deployed.environment(), CHART_ONLY))
                .isEqualTo(without(inTheChartsTerms(composed.environment()), COMPOSE_ONLY));
    }

    @Test
    void givesProcessesTheSameArguments() throws IOException {
        var chart = Chart.rendered("development-deck");

        assertThat(arguments(chart, "kong", "kong-plugins"))
                .isEqualTo(Dockerfile.target("kong-plugins").command());
        assertThat(arguments(chart, "migrate", "migrate"))
                .isEqualTo(compose.service("migrate").command());
        assertThat(command(chart, "kong-migrations", "kong-migrations"))
                .isEqualTo(compose.service("kong-migrations").command());
        assertThat(command(chart, "keycloak", "keycloak"))
                .isEqualTo(entrypoint(compose.service("keycloak")));
        assertThat(command(chart, "kong", "kong-dumps"))
                .isEqualTo(entrypoint(compose.service("kong-dumps")));
        assertThat(command(chart, "deck-sync", "deck"))
                .isEqualTo(entrypoint(compose.service("deck")));
        assertThat(arguments(chart, "vllm", "vllm"))
                .isEqualTo(
                        compose.service("vllm-cpu").command().stream()
                                .map(argument -> ComposeFile.resolved(argument, _ -> ""))
                                .toList());
    }

    @Test
    void asksForTheSameSignsOfHealth() throws IOException {
        var pod = Chart.rendered("default").pod("kong");

        assertThat(probe(pod.container("kong"), "readinessProbe"))
                .containsExactly("sh", "-c", healthCheck("kong"));
        assertThat(probe(pod.container("kong-plugins"), "readinessProbe"))
                .isEqualTo(Dockerfile.target("kong-plugins").healthCheck());
    }

    @ParameterizedTest
    @CsvSource({
        "kong, kong.yml, kong.yml",
        "kong, kong.conf, kong.conf",
        "kong, error.json, kong/error.json",
        "keycloak, realm-jan.json, keycloak-realm/realm-jan.json",
        "keycloak, start, compose/keycloak/start",
        "api-db, jan.sh, compose/postgres/jan.sh",
        "llm-api-lite, backends.yml, compose/backends.yml",
        "searxng, settings.yml, compose/searxng/settings.yml",
    })
    void givesThemTheRepositorysFiles(String configMap, String key, Path file) throws IOException {
        var data = Chart.rendered("development").object("ConfigMap", configMap).at("data");

        assertThat(data.text(key)).isEqualTo(Files.readString(ComposeFile.ROOT.resolve(file)));
    }

    @Test
    void switchesOnKongsOwnSpans() throws IOException {
        var chart = Chart.rendered("traced");

        assertThat(chart.pod("kong").container("kong").environment())
                .containsEntry("KONG_TRACING_INSTRUMENTATIONS", "all")
                .containsEntry("JAN_TRACES_URL", "http://otel-collector:4318/v1/traces");
        assertThat(chart.object("ConfigMap", "kong").at("data").text("kong.yml"))
                .isEqualTo(
                        Files.readString(ComposeFile.ROOT.resolve("kong.yml"))
                                .replace("    enabled: false\n", ""));
    }

    @Test
    void rollsOutAnEditedKongYml() throws IOException {
        var before = Chart.rendered("default");
        var after = Chart.rendered("edited");

        assertThat(checksum(after, "kong")).isNotEmpty().isNotEqualTo(checksum(before, "kong"));
        assertThat(checksum(after, "keycloak")).isEqualTo(checksum(before, "keycloak"));
    }

    @Test
    void synchronizesAnEditedKongYmlWithoutRollingOutKong() throws IOException {
        var before = Chart.rendered("deck");
        var after = Chart.rendered("edited-deck");

        assertThat(checksum(after, "kong")).isNotEmpty().isEqualTo(checksum(before, "kong"));
        assertThat(synchronization(after)).isNotEqualTo(synchronization(before));
    }

    private static String checksum(Chart chart, String pod) {
        return chart.pod(pod).metadata().at("annotations").text("checksum/config");
    }

    private static String synchronization(Chart chart) {
        return chart.objects("Job")
                .map(job -> job.at("metadata").text("name"))
                .filter(name -> name.startsWith("deck-sync-"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void monitorsWhatPrometheusScrapesInCompose() throws IOException {
        var chart = Chart.rendered("cloud");
        var monitored =
                chart.objects("ServiceMonitor")
                        .flatMap(monitor -> targets(chart, monitor))
                        .toList();
        var scraped =
                Pattern.compile("\"(kong|kong-plugins|llm-api-lite|mcp-tools|keycloak):(\\d+)\"")
                        .matcher(
                                Files.readString(
                                        ComposeFile.FOLDER.resolve("monitoring/prometheus.yml")))
                        .results()
                        .map(match -> match.group(1) + ":" + match.group(2))
                        .toList();

        assertThat(scraped).isNotEmpty();
        assertThat(monitored).containsAll(scraped);
    }

    /** Jobs and ports of a monitor, the latter looked up in the service that it names. */
    private static Stream<String> targets(Chart chart, Chart.Node monitor) {
        var service = chart.object("Service", monitor.at("metadata").text("name"));
        return monitor.at("spec").at("endpoints").list().stream()
                .map(endpoint ->
                        endpoint.at("relabelings").list().getFirst().text("replacement")
                                + ":"
                                + service.at("spec").at("ports").list().stream()
                                        .filter(port ->
                                                port.text("name").equals(endpoint.text("port")))
                                        .map(port -> port.text("port"))
                                        .findFirst()
                                        .orElseThrow());
    }

    private static Map<String, String> inTheChartsTerms(Map<String, String> environment) {
        var terms = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            var secret = SECRET.matcher(value);
            terms.put(
                    name,
                    secret.matches()
                            ? "secret " + secret.group(1)
                            : ComposeFile.resolved(value, _ -> ""));
        });
        return terms;
    }

    private static Map<String, String> without(
            Map<String, String> environment, List<String> names) {
        var left = new TreeMap<>(environment);
        left.keySet().removeAll(names);
        return left;
    }

    private static List<String> command(Chart chart, String pod, String container) {
        return chart.pod(pod).container(container).fields().at("command").texts();
    }

    private static List<String> arguments(Chart chart, String pod, String container) {
        return chart.pod(pod).container(container).fields().at("args").texts();
    }

    private static List<String> entrypoint(ComposeFile.Service service) {
        return new Chart.Node(service.field("entrypoint")).texts();
    }

    private static List<String> probe(Chart.Container container, String probe) {
        return container.fields().at(probe).at("exec").at("command").texts();
    }

    private String healthCheck(String service) {
        return new Chart.Node(compose.service(service).field("healthcheck"))
                .at("test")
                .texts()
                .getLast();
    }
}
