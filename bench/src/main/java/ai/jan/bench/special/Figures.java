// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.report.Figure;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Figures, as they are found. */
final class Figures {
    private final List<Figure> list = new ArrayList<>();

    Figures add(String name, double value, String unit) {
        list.add(Figure.of(name, value, unit));
        return this;
    }

    /** Half of the times, and 99 in 100, are not longer; nothing if there are none. */
    Figures times(String name, Histogram nanos) {
        if (nanos.getTotalCount() > 0) {
            add(name + "_p50", nanos.getValueAtPercentile(50) / 1e6, "ms");
            add(name + "_p99", nanos.getValueAtPercentile(99) / 1e6, "ms");
        }
        return this;
    }

    /** And the longest. */
    Figures timesAndWorst(String name, Histogram nanos) {
        times(name, nanos);
        return nanos.getTotalCount() > 0
                ? add(name + "_worst", nanos.getMaxValue() / 1e6, "ms")
                : this;
    }

    List<Figure> list() {
        return list;
    }
}
