// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

/**
 * A picture that a page shows.
 *
 * @param description the same in words: the text alternative
 * @param svg an SVG document
 */
public record Plot(String title, String description, String svg) {
    /** As Markdown shows it. */
    String markdown(String file) {
        return "!["
                + (title + ": " + description).replace("[", "(").replace("]", ")")
                + "]("
                + file
                + ")";
    }
}
