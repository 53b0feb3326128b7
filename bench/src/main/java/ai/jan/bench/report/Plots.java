// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import java.util.ArrayList;
import java.util.List;

/** The plots of one section of the {@link Page}. */
final class Plots {
    private static final int MOST_LINES = Svg.COLOURS;

    private final String section;

    Plots(String section) {
        this.section = section;
    }

    /**
     * @param answers results of whole answers
     * @param streams results of streams
     */
    List<Plot> of(List<Result> answers, List<Result> streams) {
        var plots = new ArrayList<Plot>();
        times(answers, plots);
        streamTimes(streams, plots);
        processor(answers, "processor per request", plots);
        processor(streams, "processor per token", plots);
        return plots;
    }

    String fileName(Plot plot) {
        return Page.slug(plot.title());
    }

    private void times(List<Result> results, List<Plot> plots) {
        var plot = new PercentilePlot(section + ": time of an answer");
        for (var result : first(results)) {
            plot.add(label(result), result.through().whole());
        }
        add(plot, plots);
    }

    private void streamTimes(List<Result> results, List<Plot> plots) {
        var firstToken = new PercentilePlot(section + ": time to the first token");
        var onTheWay = new PercentilePlot(section + ": a token from the model to the client");
        for (var result : first(results)) {
            firstToken.add(label(result), result.through().firstToken());
            onTheWay.add(label(result), result.through().onTheWay());
        }
        add(firstToken, plots);
        add(onTheWay, plots);
    }

    private void processor(List<Result> results, String what, List<Plot> plots) {
        if (results.isEmpty()) {
            return;
        }
        var parts = results.getFirst().processes().stream().map(Result.Used::process).toList();
        var plot = new BarPlot(section + ": " + what, "µs");
        for (var result : results) {
            long count =
                    what.endsWith("token")
                            ? result.through().tokens()
                            : result.through().requests();
            plot.add(
                    label(result),
                    result.processes().stream()
                            .map(used -> used.processorSeconds() * 1e6 / Math.max(1, count))
                            .toList());
        }
        plots.add(plot.plot(parts));
    }

    private static void add(PercentilePlot plot, List<Plot> plots) {
        if (!plot.isEmpty()) {
            plots.add(plot.plot());
        }
    }

    private static List<Result> first(List<Result> results) {
        return results.subList(0, Math.min(results.size(), MOST_LINES));
    }

    private static String label(Result result) {
        return result.target() + ", " + result.load();
    }
}
