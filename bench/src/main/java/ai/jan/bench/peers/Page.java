// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** {@code peers.md}. */
final class Page {
    private static final String NONE = "–";

    private final Results results;
    private final String circumstances;

    Page(Results results, String circumstances) {
        this.results = results;
        this.circumstances = circumstances;
    }

    String text() throws IOException {
        try (var template = Page.class.getResourceAsStream("/peers.md")) {
            return new String(
                            Objects.requireNonNull(template).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${circumstances}", circumstances)
                    .replace("${aims}", String.join("\n", aims()))
                    .replace("${entrants}", String.join("\n", entrants()))
                    .replace("${workloads}", String.join("\n", workloads()));
        }
    }

    /** For the terminal as well. */
    List<String> aims() {
        return Aim.ALL.stream()
                .map(aim ->
                        "| %s | %s | %s %s | %s | %s |"
                                .formatted(
                                        aim.peer(),
                                        aim.what(),
                                        aim.atLeast() ? "≥" : "≤",
                                        number(aim.bound(), 2),
                                        aim.ratio()
                                                .of(results, aim.peer())
                                                .map(seen -> number(seen, 3))
                                                .orElse(NONE),
                                        aim.reached(results)
                                                .map(reached ->
                                                        reached ? "reached" : "**not reached**")
                                                .orElse("**NOT MEASURED**")))
                .toList();
    }

    private List<String> entrants() {
        return results.entrants().entrySet().stream()
                .map(entrant -> "| %s | %s |".formatted(entrant.getKey(), entrant.getValue()))
                .toList();
    }

    private List<String> workloads() {
        var lines = new ArrayList<String>();
        for (var workload : results.outcomes().keySet()) {
            lines.add("### " + title(workload));
            lines.add("");
            lines.addAll(workload.isStream() ? streams(workload) : wholes(workload));
            lines.add("");
        }
        return lines;
    }

    static String title(Workload workload) {
        return workload.title().substring(0, 1).toUpperCase(Locale.ROOT)
                + workload.title().substring(1);
    }

    private List<String> wholes(Workload workload) {
        var lines = new ArrayList<String>();
        lines.add(
                "| gateway | requests/s | p50 ms | p99 ms | added p50 ms | CPU ms a request | ours ÷"
                        + " requests/s | ours ÷ added p50 | ours ÷ CPU |");
        lines.add("|---|---|---|---|---|---|---|---|---|");
        for (var name : results.entrants().keySet()) {
            lines.add(
                    switch (results.outcome(workload, name)) {
                        case Outcome.Failed(var why) -> failed(name, why, 8);
                        case Outcome.Measured(var seen) ->
                                "| %s | %s | %s | %s | %s | %s | %s | %s | %s |"
                                        .formatted(
                                                name,
                                                number(seen.requests(), 0),
                                                number(seen.p50(), 2),
                                                number(seen.p99(), 2),
                                                number(added(workload, seen, Figures::p50), 2),
                                                number(seen.cpuRequest(), 2),
                                                ratio(workload, seen, Figures::requests),
                                                ratio(
                                                        workload,
                                                        seen,
                                                        figures ->
                                                                added(
                                                                        workload,
                                                                        figures,
                                                                        Figures::p50)),
                                                ratio(workload, seen, Figures::cpuRequest));
                    });
        }
        return lines;
    }

    private List<String> streams(Workload workload) {
        var lines = new ArrayList<String>();
        lines.add(
                "| gateway | streams/s | first token ms | added ms | token on its way p50 ms | p99 ms |"
                        + " CPU ms a stream | CPU µs a token | ours ÷ streams/s | ours ÷ CPU |");
        lines.add("|---|---|---|---|---|---|---|---|---|---|");
        for (var name : results.entrants().keySet()) {
            lines.add(
                    switch (results.outcome(workload, name)) {
                        case Outcome.Failed(var why) -> failed(name, why, 9);
                        case Outcome.Measured(var seen) ->
                                "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |"
                                        .formatted(
                                                name,
                                                number(seen.requests(), 1),
                                                number(seen.first(), 2),
                                                number(added(workload, seen, Figures::first), 2),
                                                number(seen.token(), 2),
                                                number(seen.token99(), 2),
                                                number(seen.cpuRequest(), 2),
                                                number(seen.cpuToken(), 1),
                                                ratio(workload, seen, Figures::requests),
                                                ratio(workload, seen, Figures::cpuToken));
                    });
        }
        return lines;
    }

    /** A row that cannot be overlooked. */
    private static String failed(String name, String why, int columns) {
        return "| %s | **NOT MEASURED: %s** %s|"
                .formatted(
                        name,
                        why.replace('|', '/').replaceAll("\\s+", " "),
                        "| ".repeat(columns - 1));
    }

    private double added(Workload workload, Figures seen, ToDoubleFunction<Figures> time) {
        return results.figures(workload, Results.MODEL)
                .map(alone -> time.applyAsDouble(seen) - time.applyAsDouble(alone))
                .filter(added -> added != 0)
                .orElse(Double.NaN);
    }

    private String ratio(Workload workload, Figures other, ToDoubleFunction<Figures> figure) {
        return results.figures(workload, Results.OURS)
                .filter(ours -> !ours.equals(other))
                .map(ours -> figure.applyAsDouble(ours) / figure.applyAsDouble(other))
                .map(ratio -> number(ratio, 2))
                .orElse(NONE);
    }

    private static String number(double value, int digits) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%,." + digits + "f", value)
                : NONE;
    }
}
