// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A table in Markdown. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... heads) {
        rows.add(List.of(heads));
        rows.add(Collections.nCopies(heads.length, "---"));
    }

    public Table row(List<String> cells) {
        if (cells.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("not a row of this table: " + cells);
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    public boolean isEmpty() {
        return rows.size() == 2;
    }

    /** A number as tables show it: with as many digits as mean something. */
    public static String number(double value) {
        double size = Math.abs(value);
        boolean isWhole = value == Math.rint(value);
        var format = size >= 100 || isWhole ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var row : rows) {
            text.append("| ").append(String.join(" | ", row)).append(" |\n");
        }
        return text.toString();
    }
}
