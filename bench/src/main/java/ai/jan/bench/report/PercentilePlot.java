// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Times by percentile, both on logarithmic scales: the few slow ones take as much room as the many
 * others.
 */
public final class PercentilePlot {
    private static final int LEFT = 64;
    private static final int TOP = 40;
    private static final int WIDE = 560;
    private static final int HIGH = 260;
    private static final int LEGEND_LINE = 18;
    private static final double SHORTEST_MS = 0.01;
    private static final double[] MARKS = {0, 50, 90, 99, 99.9, 99.99};
    private static final double LAST = 99.99;

    private final Map<String, Curve> series = new LinkedHashMap<>();
    private final String title;

    public PercentilePlot(String title) {
        this.title = title;
    }

    /** Another line; one without times is left out. */
    public PercentilePlot add(String name, Curve curve) {
        if (curve.count() > 0) {
            series.put(name, curve);
        }
        return this;
    }

    public boolean isEmpty() {
        return series.isEmpty();
    }

    /**
     * @throws IllegalStateException if there is nothing to show
     */
    public Plot plot() {
        if (isEmpty()) {
            throw new IllegalStateException("nothing to show: " + title);
        }
        var times =
                series.values().stream()
                        .flatMap(curve -> curve.points().stream())
                        .map(Curve.Point::milliseconds)
                        .map(time -> Math.max(time, SHORTEST_MS))
                        .toList();
        double lowest = Math.floor(Math.log10(times.stream().min(Double::compare).orElseThrow()));
        double highest =
                Math.max(
                        lowest + 1,
                        Math.ceil(Math.log10(times.stream().max(Double::compare).orElseThrow())));
        var svg =
                new Svg(
                        title,
                        description(),
                        LEFT + WIDE + 20,
                        TOP + HIGH + 60 + LEGEND_LINE * series.size());
        grid(svg, lowest, highest);
        int number = 0;
        for (var each : series.entrySet()) {
            curve(svg, each.getValue(), lowest, highest, number);
            double y = TOP + HIGH + 56 + LEGEND_LINE * number;
            svg.bar(LEFT, y - 9, 10, 10, Svg.colour(number));
            svg.text(LEFT + 16, y, "", each.getKey());
            number++;
        }
        return new Plot(title, description(), svg.toString());
    }

    private void grid(Svg svg, double lowest, double highest) {
        for (double decade = lowest; decade <= highest; decade++) {
            double y = y(Math.pow(10, decade), lowest, highest);
            svg.line(LEFT, y, LEFT + WIDE, y, "grid");
            svg.text(LEFT - 6, y + 4, "end", decade(decade));
        }
        for (double mark : MARKS) {
            svg.line(x(mark), TOP, x(mark), TOP + HIGH, "grid");
            svg.text(x(mark), TOP + HIGH + 18, "middle", percent(mark));
        }
        svg.text(LEFT + WIDE / 2.0, TOP + HIGH + 36, "middle", "of the times are at most so long");
    }

    private static void curve(Svg svg, Curve curve, double lowest, double highest, int number) {
        var points = new ArrayList<String>();
        for (var point : curve.points()) {
            boolean known =
                    point.percentile() <= 50 || curve.count() >= 100 / (100 - point.percentile());
            if (point.percentile() <= LAST && known) {
                points.add(
                        Svg.point(x(point.percentile()), y(point.milliseconds(), lowest, highest)));
            }
        }
        svg.polyline(String.join(" ", points), Svg.colour(number));
    }

    private String description() {
        return series.entrySet().stream()
                .map(each ->
                        String.format(
                                Locale.ROOT,
                                "%s: half within %.2f ms, 99 %% within %.2f ms",
                                each.getKey(),
                                each.getValue().at(50),
                                each.getValue().at(99)))
                .collect(Collectors.joining("; "));
    }

    private static double x(double percentile) {
        double nines = -Math.log10(1 - Math.min(percentile, LAST) / 100);
        return LEFT + WIDE * nines / -Math.log10(1 - LAST / 100);
    }

    private static double y(double milliseconds, double lowest, double highest) {
        double height = Math.log10(Math.max(milliseconds, SHORTEST_MS));
        return TOP + HIGH - HIGH * (height - lowest) / (highest - lowest);
    }

    private static String decade(double exponent) {
        return List.of("10 µs", "0.1 ms", "1 ms", "10 ms", "0.1 s", "1 s", "10 s", "100 s")
                .get((int) Math.min(Math.max(exponent + 2, 0), 7));
    }

    private static String percent(double mark) {
        return mark == 0 ? "0" : String.valueOf(mark).replaceFirst("\\.0$", "") + " %";
    }
}
