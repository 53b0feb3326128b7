// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One number of several things, as bars from left to right. */
public final class BarPlot {
    private static final int LABELS = 250;
    private static final int WIDE = 320;
    private static final int TOP = 36;
    private static final int LINE = 24;

    private final List<Bar> bars = new ArrayList<>();
    private final String title;
    private final String unit;

    /**
     * @param parts of what is shown, each in a colour of its own
     */
    private record Bar(String label, List<Double> parts) {
        double sum() {
            return parts.stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    public BarPlot(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    public BarPlot add(String label, double value) {
        bars.add(new Bar(label, List.of(value)));
        return this;
    }

    /** A bar of parts, in the same order in each bar. */
    public BarPlot add(String label, List<Double> parts) {
        bars.add(new Bar(label, List.copyOf(parts)));
        return this;
    }

    public boolean isEmpty() {
        return bars.isEmpty();
    }

    /**
     * @param parts what the parts of a bar are called; none for bars of one part
     */
    public Plot plot(List<String> parts) {
        double most = bars.stream().mapToDouble(Bar::sum).max().orElse(0);
        double scale = most > 0 ? WIDE / most : 0;
        var svg =
                new Svg(
                        title,
                        description(),
                        LABELS + WIDE + 120,
                        TOP + LINE * bars.size() + 20 + (parts.isEmpty() ? 0 : LINE));
        for (int i = 0; i < bars.size(); i++) {
            var bar = bars.get(i);
            double y = TOP + LINE * i;
            svg.text(LABELS - 8, y + 15, "end", bar.label());
            double x = LABELS;
            for (int part = 0; part < bar.parts().size(); part++) {
                double wide = Math.max(bar.parts().get(part), 0) * scale;
                svg.bar(x, y + 3, wide, LINE - 8, Svg.colour(part));
                x += wide;
            }
            svg.text(x + 6, y + 15, "", words(bar));
        }
        double x = LABELS;
        for (int part = 0; part < parts.size(); part++) {
            double y = TOP + LINE * bars.size() + 12;
            svg.bar(x, y, 10, 10, Svg.colour(part));
            svg.text(x + 14, y + 10, "", parts.get(part));
            x += 30 + 7 * parts.get(part).length();
        }
        return new Plot(title, description(), svg.toString());
    }

    private String description() {
        return bars.stream()
                .map(bar -> bar.label() + ": " + words(bar))
                .collect(Collectors.joining("; "));
    }

    private String words(Bar bar) {
        return (bar.sum() < 10
                        ? String.format(Locale.ROOT, "%.2f", bar.sum())
                        : String.format(Locale.ROOT, "%,.0f", bar.sum()))
                + (unit.isEmpty() ? "" : " " + unit);
    }
}
