// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * How fast a client reads.
 *
 * @param bytesPerSecond 0 for one that reads nothing
 */
public record Pace(int bytesPerSecond) {
    /** As fast as it comes. */
    public static final Pace FULL = new Pace(Integer.MAX_VALUE);

    /** Nothing at all. */
    public static final Pace NONE = new Pace(0);

    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Bytes that the system takes for a client that does not, as few as it allows. */
    static final int RECEIVE_BUFFER = 4096;

    /** How much it reads before it pauses. */
    int bytes() {
        return equals(FULL)
                ? Integer.MAX_VALUE
                : (int) Math.max(1, bytesPerSecond * PAUSE_NANOS / 1_000_000_000);
    }
}
