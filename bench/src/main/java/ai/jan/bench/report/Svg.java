// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import java.util.Locale;

/**
 * A picture of lines, bars and words. Its colours follow the reader's choice of light or dark, and
 * are told apart by people who see fewer; what it shows is also said in words.
 */
final class Svg {
    /** How many colours of series there are. */
    static final int COLOURS = 7;

    private static final String STYLE =
            """
            text { font: 12px system-ui, sans-serif; fill: #1f2328; }
            .title { font-weight: 600; font-size: 14px; }
            .end { text-anchor: end; } .middle { text-anchor: middle; }
            .ground { fill: #ffffff; } .grid { stroke: #d1d9e0; fill: none; }
            .line { fill: none; stroke-width: 2; }
            .s0 { --c: #0072b2; } .s1 { --c: #d55e00; } .s2 { --c: #009e73; } .s3 { --c: #cc79a7; }
            .s4 { --c: #8a6d00; } .s5 { --c: #56606a; } .s6 { --c: #7048c6; }
            .line { stroke: var(--c); } .bar { fill: var(--c); }
            @media (prefers-color-scheme: dark) {
              text { fill: #f0f6fc; } .ground { fill: #0d1117; } .grid { stroke: #3d444d; }
              .s0 { --c: #58a6ff; } .s1 { --c: #ff9a57; } .s2 { --c: #3ddbab; } .s3 { --c: #f0a3cd; }
              .s4 { --c: #e3c04f; } .s5 { --c: #adb8c3; } .s6 { --c: #b79cff; }
            }
            """;

    private final StringBuilder elements = new StringBuilder();
    private final String title;
    private final String description;
    private final int width;
    private final int height;

    /**
     * @param title shown above
     * @param description what the picture shows, for who cannot see it
     */
    Svg(String title, String description, int width, int height) {
        this.title = title;
        this.description = description;
        this.width = width;
        this.height = height;
        text(12, 22, "title", title);
    }

    void text(double x, double y, String classes, String words) {
        elements.append(
                "<text x=\"%s\" y=\"%s\" class=\"%s\">%s</text>\n"
                        .formatted(number(x), number(y), classes, escaped(words)));
    }

    void line(double x1, double y1, double x2, double y2, String classes) {
        elements.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>\n"
                        .formatted(number(x1), number(y1), number(x2), number(y2), classes));
    }

    void bar(double x, double y, double wide, double high, String classes) {
        elements.append(
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" class=\"bar %s\"/>\n"
                        .formatted(number(x), number(y), number(wide), number(high), classes));
    }

    /**
     * @param points x and y with a comma each, with blanks between
     */
    void polyline(String points, String classes) {
        elements.append("<polyline points=\"%s\" class=\"line %s\"/>\n".formatted(points, classes));
    }

    static String point(double x, double y) {
        return number(x) + "," + number(y);
    }

    /** The class of a series' colour. */
    static String colour(int series) {
        return "s" + series % COLOURS;
    }

    @Override
    public String toString() {
        return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-labelledby="title description">
        <title id="title">%3$s</title>
        <desc id="description">%4$s</desc>
        <style>
        %5$s</style>
        <rect width="%1$d" height="%2$d" class="ground"/>
        %6$s</svg>
        """
                .formatted(width, height, escaped(title), escaped(description), STYLE, elements);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
