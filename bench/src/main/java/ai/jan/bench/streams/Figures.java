// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.streams;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Durations, to be summed up in milliseconds. */
final class Figures {
    private static final double NANOS = 1e6;

    private final long[] sorted;

    Figures(Collection<Long> nanos) {
        sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
    }

    int count() {
        return sorted.length;
    }

    double median() {
        return percentile(0.5);
    }

    double worst() {
        return sorted[sorted.length - 1] / NANOS;
    }

    /**
     * @param fraction such as 0.99
     */
    double percentile(double fraction) {
        int index = (int) Math.ceil(fraction * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)] / NANOS;
    }

    static String text(double milliseconds) {
        return String.format(Locale.ROOT, "%.2f", milliseconds);
    }

    @Override
    public String toString() {
        return Arrays.toString(new double[] {median(), percentile(0.99), worst()});
    }
}
