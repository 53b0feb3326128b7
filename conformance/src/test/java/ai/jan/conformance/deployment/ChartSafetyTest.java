// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every pod of the chart, whatever the values. */
@Tag("deploy")
class ChartSafetyTest {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:https?|jdbc:postgresql)://([a-z][a-z-]*):(\\d+)");
    private static final Pattern SECRET =
            Pattern.compile("PASSWORD|SECRET|PEPPER|IDENTITY_KEY|API_KEY$");

    /** Images that do not run without root or with a disk that cannot be written. */
    private static final List<String> AS_THEY_COME = List.of("vllm", "searxng", "sandbox");

    @ParameterizedTest
    @ValueSource(strings = {"default", "development", "cloud", "gke", "on-premises", "deck"})
    void runsPodsWithoutRightsAndWithoutAWritableDisk(String values) throws IOException {
        var pods = Chart.rendered(values).pods();

        assertThat(pods).hasSizeGreaterThan(4);
        for (var pod : pods) {
            assertThat(pod.spec().text("enableServiceLinks")).isEqualTo("false");
            assertThat(pod.spec().text("automountServiceAccountToken")).isEqualTo("false");
            if (AS_THEY_COME.contains(pod.component())) {
                continue;
            }
            assertThat(pod.spec().at("securityContext").text("runAsNonRoot"))
                    .as(pod.component())
                    .isEqualTo("true");
            assertThat(pod.containers())
                    .isNotEmpty()
                    .allSatisfy(container -> {
                        var context = container.fields().at("securityContext");
                        assertThat(context.text("readOnlyRootFilesystem"))
                                .as(pod.component() + " " + container.name())
                                .isEqualTo("true");
                        assertThat(context.text("allowPrivilegeEscalation")).isEqualTo("false");
                        assertThat(context.at("capabilities").at("drop").texts())
                                .containsExactly("ALL");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "development", "cloud", "gke", "on-premises", "deck"})
    void boundsMemoryAndAsksWhatLivesForItsHealth(String values) throws IOException {
        for (var pod : Chart.rendered(values).pods()) {
            var living =
                    pod.kind().equals("Deployment") || pod.kind().equals("StatefulSet")
                            ? pod.spec().at("containers").list().stream()
                                    .map(Chart.Container::new)
                                    .map(Chart.Container::name)
                                    .toList()
                            : List.<String>of();
            assertThat(pod.containers())
                    .allSatisfy(container -> {
                        var name = pod.component() + " " + container.name();
                        assertThat(container.fields().at("resources").at("limits").text("memory"))
                                .as(name)
                                .isNotEmpty();
                        if (living.contains(container.name())) {
                            assertThat(container.fields().map())
                                    .as(name)
                                    .containsKeys(
                                            "startupProbe", "readinessProbe", "livenessProbe");
                        }
                        if (container.isSideContainer()) {
                            assertThat(container.fields().map())
                                    .as(name)
                                    .containsKey("startupProbe");
                        }
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "development", "cloud", "on-premises", "deck"})
    void takesEverySecretFromASecret(String values) throws IOException {
        assertThat(Chart.rendered(values).pods())
                .flatExtracting(pod -> pod.containers().toList())
                .flatExtracting(container -> container.environment().entrySet())
                .filteredOn(variable -> SECRET.matcher(variable.getKey()).find())
                .isNotEmpty()
                .allMatch(variable -> variable.getValue().startsWith("secret "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "development", "deck"})
    void namesOnlyServicesThatAreThere(String values) throws IOException {
        var chart = Chart.rendered(values);
        var offered =
                chart.objects("Service")
                        .flatMap(service ->
                                service.at("spec").at("ports").list().stream()
                                        .map(port ->
                                                service.at("metadata").text("name")
                                                        + ":"
                                                        + port.text("port")))
                        .toList();
        var named =
                Stream.concat(
                                chart.pods().stream()
                                        .flatMap(Chart.Pod::containers)
                                        .flatMap(container ->
                                                container.environment().values().stream()),
                                Stream.of(
                                        chart.object("ConfigMap", "kong")
                                                .at("data")
                                                .text("kong.yml")))
                        .flatMap(text -> ADDRESS.matcher(text).results())
                        .map(match -> match.group(1) + ":" + match.group(2))
                        .filter(address -> !address.startsWith("localhost:"))
                        .distinct()
                        .toList();

        assertThat(named).hasSizeGreaterThan(4);
        assertThat(offered).containsAll(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "development", "cloud", "deck"})
    void leadsEveryServiceToAPortOfItsPods(String values) throws IOException {
        var chart = Chart.rendered(values);

        assertThat(chart.objects("Service"))
                .hasSizeGreaterThan(4)
                .allSatisfy(service -> {
                    var component =
                            service.at("spec").at("selector").text("app.kubernetes.io/component");
                    var containers = chart.pod(component).containers().toList();
                    for (var port : service.at("spec").at("ports").list()) {
                        assertThat(containers)
                                .as(service.at("metadata").text("name"))
                                .flatExtracting(container -> container.fields().at("ports").list())
                                .flatExtracting(target ->
                                        List.of(target.text("name"), target.text("containerPort")))
                                .contains(port.text("targetPort"));
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "cloud", "deck"})
    void keepsTheAdminApiOnTheAddressOfItsPod(String values) throws IOException {
        var chart = Chart.rendered(values);

        assertThat(Files.readString(ComposeFile.ROOT.resolve("kong.conf")))
                .contains("\nadmin_listen = 127.0.0.1:8001\n");
        assertThat(chart.pods())
                .flatExtracting(pod -> pod.containers().toList())
                .allSatisfy(container -> {
                    assertThat(container.environment()).doesNotContainKey("KONG_ADMIN_LISTEN");
                    assertThat(container.ports()).doesNotContain(8001);
                });
        assertThat(chart.objects("Service"))
                .flatExtracting(service -> service.at("spec").at("ports").list())
                .extracting(port -> port.text("targetPort"))
                .doesNotContain("8001");
    }

    @Test
    void letsKongAndItsPluginServerShareNothingButTheSocket() throws IOException {
        var pod = Chart.rendered("default").pod("kong");
        var plugins = pod.container("kong-plugins");

        assertThat(plugins.isSideContainer()).isTrue();
        assertThat(pod.spec().at("securityContext").text("runAsUser")).isEqualTo("1000");
        assertThat(pod.spec().at("securityContext").text("runAsGroup")).isEqualTo("1000");
        assertThat(volumes(plugins))
                .filteredOn(volumes(pod.container("kong"))::contains)
                .containsExactly("plugin-socket");
    }

    private static List<String> volumes(Chart.Container container) {
        return container.fields().at("volumeMounts").list().stream()
                .map(mount -> mount.text("name"))
                .toList();
    }
}
