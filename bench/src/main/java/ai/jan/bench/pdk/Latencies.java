// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.util.Arrays;

/** How long each event took, in nanoseconds; every one is kept. */
final class Latencies {
    private long[] nanos = new long[16 * 1024];
    private int count;

    void add(long value) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = value;
    }

    int count() {
        return count;
    }

    /**
     * @param fraction such as 0.99
     * @return microseconds
     */
    double percentile(double fraction) {
        if (count == 0) {
            throw new IllegalStateException("no event was run");
        }
        Arrays.sort(nanos, 0, count);
        int index = (int) Math.ceil(fraction * count) - 1;
        return nanos[Math.clamp(index, 0, count - 1)] / 1000.0;
    }
}
