// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code platform.md} with its plots: what a {@link Results} file says, for people. */
public final class Page {
    private static final String NAME = "platform";

    private final Map<String, Plot> plots = new LinkedHashMap<>();

    private Page() {}

    /** Writes the page and its plots into a folder; plots of a page before are removed. */
    public static void write(Results results, Path folder) throws IOException {
        var page = new Page();
        var text = page.text(results);
        try (var old = Files.newDirectoryStream(folder, NAME + "-*.svg")) {
            for (var plot : old) {
                Files.delete(plot);
            }
        }
        for (var plot : page.plots.entrySet()) {
            Files.writeString(folder.resolve(plot.getKey()), plot.getValue().svg());
        }
        Files.writeString(folder.resolve(NAME + ".md"), text);
    }

    /** A result as a program says it while it runs. */
    public static String line(Result result) {
        return result.name()
                + " ("
                + result.gateway()
                + "): "
                + result.figures().stream()
                        .map(figure ->
                                figure.name()
                                        + " "
                                        + Table.number(figure.value())
                                        + Tables.unit(figure)
                                        + (figure.reachesItsAim() ? "" : " MISSED"))
                        .collect(Collectors.joining(", "))
                + "; failed "
                + Tables.failures(result);
    }

    String text(Results results) throws IOException {
        var all = results.results();
        var text =
                new StringBuilder(
                        template()
                                .replace("${circumstances}", circumstances(all))
                                .replace("${gateways}", gateways(all)));
        var aims = Tables.aims(all);
        if (!aims.isEmpty()) {
            text.append("\n## Aims\n\n").append(aims);
        }
        var bySection =
                all.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Result::section, LinkedHashMap::new, Collectors.toList()));
        bySection.forEach((section, some) -> section(text, section, some));
        if (!all.isEmpty()) {
            text.append("\n## What each process used\n\n")
                    .append("Processor time for each request, and memory at the end.\n\n")
                    .append(Tables.processes(all));
        }
        if (!results.notMeasured().isEmpty()) {
            text.append("\n## Not measured in the last run\n\n");
            for (var missing : results.notMeasured()) {
                text.append("* ").append(missing.name()).append(": ").append(missing.why());
                text.append('\n');
            }
        }
        return text.toString();
    }

    private void section(StringBuilder text, String section, List<Result> results) {
        text.append("\n## ").append(section).append('\n');
        var answers = new ArrayList<Result>();
        var streams = new ArrayList<Result>();
        var others = new ArrayList<Result>();
        for (var result : results) {
            if (result.direct() == null) {
                others.add(result);
            } else if (result.direct().tokens() > 0) {
                streams.add(result);
            } else {
                answers.add(result);
            }
        }
        var requests =
                Stream.concat(answers.stream(), streams.stream())
                        .map(Result::request)
                        .distinct()
                        .collect(Collectors.joining("; "));
        if (!requests.isEmpty()) {
            text.append("\nRequest: ").append(requests).append(".\n");
        }
        append(text, Tables.answers(answers));
        append(text, Tables.streams(streams));
        for (var result : others) {
            text.append("\n### ").append(special(result)).append("\n\n");
            text.append(Tables.figures(result));
        }
        var plots = new Plots(section);
        for (var plot : plots.of(answers, streams)) {
            var file = NAME + "-" + plots.fileName(plot) + ".svg";
            this.plots.put(file, plot);
            text.append('\n').append(plot.markdown(file)).append('\n');
        }
    }

    /** Where it was done, and what was not as usual. */
    private static String special(Result result) {
        var setup = result.load().isEmpty() ? "" : ", " + result.load();
        return result.title() + " (" + result.target() + setup + ")";
    }

    private static void append(StringBuilder text, Table table) {
        if (!table.isEmpty()) {
            text.append('\n').append(table);
        }
    }

    private static String circumstances(List<Result> results) {
        var runs = results.stream().map(Result::circumstances).distinct().toList();
        return runs.size() == 1
                ? "in one run: " + runs.getFirst()
                : "in " + runs.size() + " runs: " + String.join("; ", runs);
    }

    private static String gateways(List<Result> results) {
        return results.stream()
                .map(Result::gateway)
                .filter(gateway -> !gateway.equals("none"))
                .distinct()
                .map(gateway ->
                        gateway.equals("Kong")
                                ? "The gateway was Kong."
                                : "**The gateway was `"
                                        + gateway
                                        + "`, the stand-in of `make run`, not Kong. None of these"
                                        + " figures is one of Kong's**")
                .collect(Collectors.joining(" "));
    }

    private static String template() throws IOException {
        try (var in = Page.class.getResourceAsStream("/platform.md")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String slug(String words) {
        return words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
