// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import ai.jan.bench.report.Figure.Aim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The tables of the {@link Page}. Each row names its gateway. */
final class Tables {
    private static final List<String> OF_TIMES = List.of("p50", "p99", "worst");

    private Tables() {}

    /** Every figure that has an aim. */
    static Table aims(List<Result> results) {
        var table = new Table("", "Gateway", "Figure", "Measured", "Aim", "");
        for (var result : results) {
            for (var figure : result.figures()) {
                if (figure.aim() != null) {
                    table.row(
                            List.of(
                                    result.section() + ": " + result.title(),
                                    result.gateway(),
                                    words(figure.name()),
                                    Table.number(figure.value()) + unit(figure),
                                    words(figure.aim()) + unit(figure),
                                    figure.reachesItsAim() ? "reached" : "**missed**"));
                }
            }
        }
        return table;
    }

    /** Whole answers, compared with the model's own. */
    static Table answers(List<Result> results) {
        var table =
                new Table(
                        "",
                        "Gateway",
                        "Load",
                        "Requests/s",
                        "Model alone",
                        "Time p50",
                        "p99",
                        "Added p50",
                        "p99",
                        "Processor per request",
                        "Failed");
        for (var result : results) {
            var side = result.through();
            table.row(
                    List.of(
                            result.title(),
                            result.gateway(),
                            result.load(),
                            Table.number(result.value("requests_per_second")),
                            Table.number(result.value("requests_per_second_model")),
                            Table.number(side.whole().at(50)),
                            Table.number(side.whole().at(99)),
                            Table.number(result.value("time_added_p50")),
                            Table.number(result.value("time_added_p99")),
                            Table.number(result.value("processor_per_request")) + " µs",
                            failures(result)));
        }
        return table;
    }

    /** Streams, compared with the model's own. */
    static Table streams(List<Result> results) {
        var table =
                new Table(
                        "",
                        "Gateway",
                        "Load",
                        "Tokens/s",
                        "Carried",
                        "First token added p50",
                        "p99",
                        "Token added p50",
                        "p99",
                        "Jitter added p99",
                        "Processor per token",
                        "Failed");
        for (var result : results) {
            var side = result.through();
            table.row(
                    List.of(
                            result.title(),
                            result.gateway(),
                            result.load(),
                            Table.number(side.tokens() / side.seconds()),
                            result.value("carried") == 0
                                    ? ""
                                    : Table.number(100 * result.value("carried")) + " %",
                            Table.number(result.value("first_token_added_p50")),
                            Table.number(result.value("first_token_added_p99")),
                            Table.number(result.value("token_added_p50")),
                            Table.number(result.value("token_added_p99")),
                            Table.number(result.value("jitter_added_p99")),
                            Table.number(result.value("processor_per_token")) + " µs",
                            failures(result)));
        }
        return table;
    }

    /** The figures of what was done otherwise; those of one time are one row. */
    static Table figures(Result result) {
        var rows = new LinkedHashMap<String, Map<String, String>>();
        for (var figure : result.figures()) {
            var end =
                    OF_TIMES.stream()
                            .filter(each -> figure.name().endsWith("_" + each))
                            .findFirst()
                            .orElse("");
            var name = figure.name().substring(0, figure.name().length() - end.length());
            rows.computeIfAbsent(words(name).strip(), _ -> new HashMap<>())
                    .put(end, Table.number(figure.value()) + unit(figure));
        }
        boolean hasTimes = rows.values().stream().anyMatch(row -> !row.keySet().equals(Set.of("")));
        var heads = new ArrayList<>(List.of("", "Gateway", "Measured"));
        heads.addAll(hasTimes ? OF_TIMES : List.of());
        var table = new Table(heads.toArray(String[]::new));
        rows.forEach((name, values) -> {
            var row = new ArrayList<>(List.of(name, result.gateway(), values.getOrDefault("", "")));
            if (hasTimes) {
                OF_TIMES.forEach(end -> row.add(values.getOrDefault(end, "")));
            }
            table.row(row);
        });
        var counts = result.through().requests() + " answered, failed: " + failures(result);
        var last = new ArrayList<>(List.of("requests", result.gateway(), counts));
        last.addAll(hasTimes ? Collections.nCopies(OF_TIMES.size(), "") : List.of());
        return table.row(last);
    }

    /** Processor and memory of each process. */
    static Table processes(List<Result> results) {
        var names =
                results.stream()
                        .flatMap(result -> result.processes().stream())
                        .map(Result.Used::process)
                        .distinct()
                        .toList();
        var heads = new ArrayList<>(List.of("", "Gateway"));
        heads.addAll(names);
        var table = new Table(heads.toArray(String[]::new));
        for (var result : results) {
            var row = new ArrayList<>(List.of(name(result), result.gateway()));
            for (var name : names) {
                row.add(
                        result.processes().stream()
                                .filter(used -> used.process().equals(name))
                                .findFirst()
                                .map(used -> used(result, used))
                                .orElse(""));
            }
            table.row(row);
        }
        return table;
    }

    private static String used(Result result, Result.Used used) {
        return Table.number(
                        used.processorSeconds() * 1e6 / Math.max(1, result.through().requests()))
                + " µs, "
                + Table.number(used.memoryMegabytes())
                + " MB";
    }

    private static String name(Result result) {
        var load = result.load().isEmpty() ? "" : ", " + result.load();
        return result.section() + ": " + result.title() + load;
    }

    /** What failed on either side; what belongs to the scenario is in brackets. */
    static String failures(Result result) {
        var all = new TreeMap<String, Integer>(result.through().failures());
        if (result.direct() != null) {
            result.direct()
                    .failures()
                    .forEach((what, count) ->
                            all.merge(what + " (model alone)", count, Integer::sum));
        }
        if (all.isEmpty()) {
            return "0";
        }
        return all.entrySet().stream()
                .map(failure -> failure(result, failure))
                .collect(Collectors.joining(", "));
    }

    private static String failure(Result result, Map.Entry<String, Integer> failure) {
        var words = failure.getValue() + " × " + failure.getKey();
        return result.expected().contains(failure.getKey())
                ? "(" + words + ")"
                : "**" + words + "**";
    }

    private static String words(String name) {
        return name.replace('_', ' ');
    }

    private static String words(Aim aim) {
        return (aim.atMost() ? "≤ " : "≥ ") + Table.number(aim.limit());
    }

    static String unit(Figure figure) {
        return figure.unit().isEmpty() ? "" : " " + figure.unit();
    }
}
