// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import java.util.Arrays;

/**
 * Where long strings, arrays and objects end, so that nobody has to read through them again to get
 * past them. In the order of their beginnings: a value is opened before what is within it, and a
 * short one has nothing long within it, so that it is the last when it is closed.
 */
final class LongValues {
    private static final int LONG = 512;

    private int[] starts = new int[8];
    private int[] ends = new int[8];
    private int size;

    /** Begins a value; what comes back is for closing it. */
    int open(int start) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        starts[size] = start;
        return size++;
    }

    /** Ends a value, and forgets it if it is short. */
    void close(int place, int end) {
        ends[place] = end;
        if (end - starts[place] < LONG) {
            size = place;
        }
    }

    /** The end of the value that begins there; -1 if it is a short one. */
    int end(int start) {
        int found = Arrays.binarySearch(starts, 0, size, start);
        return found < 0 ? -1 : ends[found];
    }
}
