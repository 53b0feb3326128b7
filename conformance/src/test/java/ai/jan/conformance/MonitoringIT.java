// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dashboards and alerts ask for what the running platform exposes; alerts are explained. */
@ExtendWith(SharedStack.class)
class MonitoringIT {
    private static final Path RUNBOOK = Path.of("../docs/runbook.md");

    /** What Prometheus tells of itself. */
    private static final Set<String> PROMETHEUS = Set.of("up", "ALERTS");

    private static final Set<String> EXPOSED = new TreeSet<>(PROMETHEUS);

    @BeforeAll
    static void scrape(SharedStack.Running running) throws Exception {
        for (var scrape : Traffic.of(running).scrapes().values()) {
            EXPOSED.addAll(scrape.series());
            scrape.types().keySet().stream().filter(Traffic.RARE::contains).forEach(EXPOSED::add);
        }
        EXPOSED.addAll(Monitoring.records().keySet());
    }

    @Test
    void theRulesAskForWhatThereIs() throws Exception {
        assertThat(Monitoring.records()).isNotEmpty();
        Monitoring.records()
                .forEach((name, expression) ->
                        assertThat(Monitoring.metrics(expression))
                                .as(name)
                                .isNotEmpty()
                                .isSubsetOf(EXPOSED));
        assertThat(Monitoring.alerts())
                .hasSizeGreaterThan(10)
                .allSatisfy(alert ->
                        assertThat(Monitoring.metrics(alert.expression()))
                                .as(alert.name())
                                .isNotEmpty()
                                .isSubsetOf(EXPOSED));
    }

    @Test
    void theDashboardsAskForWhatThereIs() throws Exception {
        assertThat(Monitoring.dashboards())
                .hasSizeGreaterThan(5)
                .allSatisfy((file, dashboard) -> {
                    assertThat(Monitoring.questions(dashboard)).hasSizeGreaterThan(5);
                    for (var question : Monitoring.questions(dashboard)) {
                        assertThat(Monitoring.metrics(question))
                                .as("%s: %s", file.getFileName(), question)
                                .isNotEmpty()
                                .isSubsetOf(EXPOSED);
                    }
                });
    }

    @Test
    void aNameThatIsNotThereWouldBeFound() {
        assertThat(
                        Monitoring.metrics(
                                "sum by (gone) (rate(jan_gone_total{route=~\"x(y)\"}[5m])) > 2 * up or"
                                        + " vector(0)"))
                .containsExactly("jan_gone_total", "up");
    }

    @Test
    void dashboardsHaveAddressesThatStay() throws Exception {
        var uids = new HashSet<String>();
        var sources =
                Files.readString(Path.of("../compose/monitoring/grafana/datasources/jan.yml"));
        Monitoring.dashboards()
                .forEach((file, dashboard) -> {
                    var uid = dashboard.path("uid").asText();
                    assertThat(file.getFileName()).hasToString(uid + ".json");
                    assertThat(uids.add(uid)).isTrue();
                    assertThat(dashboard.findValues("datasource"))
                            .isNotEmpty()
                            .extracting((JsonNode source) -> source.path("uid").asText())
                            .allSatisfy(source ->
                                    assertThat(sources).contains("uid: " + source + "\n"));
                });
    }

    @Test
    void eachAlertIsInTheRunbook() throws Exception {
        var headings =
                Files.readString(RUNBOOK)
                        .lines()
                        .filter(line -> line.startsWith("## "))
                        .map(line -> line.substring(3).toLowerCase(Locale.ROOT))
                        .toList();
        assertThat(Monitoring.alerts())
                .allSatisfy(alert -> {
                    assertThat(alert.annotations().get("summary")).isNotBlank();
                    assertThat(alert.annotations().get("runbook_url"))
                            .startsWith("docs/runbook.md#");
                    assertThat(headings)
                            .contains(alert.annotations().get("runbook_url").split("#")[1]);
                });
        assertThat(headings)
                .containsExactlyInAnyOrderElementsOf(
                        Monitoring.alerts().stream()
                                .map(alert -> alert.name().toLowerCase(Locale.ROOT))
                                .toList());
    }
}
