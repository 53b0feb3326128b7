// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final String OURS = Results.OURS + "local-gateway";
    private static final String LITELLM = "LiteLLM proxy 9";
    private static final String ROUTER = "vllm-router 9";

    @Test
    void anAimIsReachedAtItsBoundAndNotBelow() {
        var enough = results(figures(1000, 1.5), figures(100, 3), figures(4000, 1));
        var less = results(figures(999, 1.6), figures(100, 3), figures(4004, 1));

        assertThat(reached(enough)).containsExactly(true, true, false, false, true, true);
        assertThat(reached(less)).containsExactly(false, false, false, false, false, true);
    }

    @Test
    void addedTimeIsWhatIsMoreThanWithTheModelItself() {
        var results = results(figures(1000, 1.5), figures(100, 5.01), figures(4000, 1));

        // (1.5 - 1) / (5.01 - 1): an eighth, where the whole times are to each other as 3 to 10
        assertThat(Aim.ALL.get(1).ratio().of(results, Results.LITELLM))
                .hasValueSatisfying(ratio -> assertThat(ratio).isBetween(0.124, 0.125));
    }

    @Test
    void whoCouldNotBeMeasuredIsALoudRowAndReachesNoAim() throws Exception {
        var outcomes = outcomes(figures(1000, 2), figures(100, 30), figures(4000, 1));
        outcomes.values()
                .forEach(all -> all.put(LITELLM, new Outcome.Failed("did not start | at all")));
        var page = new Page(new Results(entrants(), outcomes), "a test").text();

        assertThat(page.lines().filter(line -> line.contains("NOT MEASURED: did not start")))
                .hasSize(Workload.ALL.size())
                .allMatch(line -> line.startsWith("| " + LITELLM + " | **NOT MEASURED: "));
        assertThat(page.lines().filter(line -> line.endsWith("| **NOT MEASURED** |"))).hasSize(4);
        assertThat(page).doesNotContain("${").doesNotContain("NaN");
    }

    @Test
    void everyRowNamesItsGateway() throws Exception {
        var results = results(figures(1000, 2), figures(100, 30), figures(4000, 1));
        var page = new Page(results, "a test").text();
        var file = Json.parse(ResultsFile.text(results, "a test"));

        for (var workload : Workload.ALL) {
            var rows =
                    page.substring(page.indexOf("### " + Page.title(workload)))
                            .lines()
                            .skip(4)
                            .limit(4)
                            .toList();
            assertThat(rows)
                    .zipSatisfy(
                            List.copyOf(entrants().keySet()),
                            (row, name) -> assertThat(row).startsWith("| " + name + " |"));
        }
        assertThat(file.path("rows"))
                .hasSize(Workload.ALL.size() * 4)
                .allMatch(row -> row.has("gateway"));
        assertThat(page).contains("none of its figures is Kong's");
    }

    @Test
    void nobodyIsLeftOut() {
        var outcomes = outcomes(figures(1, 1), figures(1, 1), figures(1, 1));
        outcomes.values().forEach(all -> all.remove(ROUTER));

        assertThatThrownBy(() -> new Results(entrants(), outcomes))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Boolean> reached(Results results) {
        return Aim.ALL.stream().map(aim -> aim.reached(results).orElseThrow()).toList();
    }

    private static Results results(Figures ours, Figures liteLlm, Figures router) {
        return new Results(entrants(), outcomes(ours, liteLlm, router));
    }

    private static Map<Workload, Map<String, Outcome>> outcomes(
            Figures ours, Figures liteLlm, Figures router) {
        var outcomes = new LinkedHashMap<Workload, Map<String, Outcome>>();
        for (var workload : Workload.ALL) {
            var all = new LinkedHashMap<String, Outcome>();
            all.put(Results.MODEL, new Outcome.Measured(figures(9000, 1)));
            all.put(OURS, new Outcome.Measured(ours));
            all.put(LITELLM, new Outcome.Measured(liteLlm));
            all.put(ROUTER, new Outcome.Measured(router));
            outcomes.put(workload, all);
        }
        return outcomes;
    }

    private static Map<String, String> entrants() {
        var entrants = new LinkedHashMap<String, String>();
        for (var name : List.of(Results.MODEL, OURS, LITELLM, ROUTER)) {
            entrants.put(name, "something");
        }
        return entrants;
    }

    private static Figures figures(double requests, double p50) {
        return new Figures(requests, p50, p50, p50, p50, p50, 1, 10);
    }
}
