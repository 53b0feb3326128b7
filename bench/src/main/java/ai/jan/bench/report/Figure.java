// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import org.jspecify.annotations.Nullable;

/**
 * One number that a measurement tells.
 *
 * @param name lower case with underscores, such as {@code memory_per_stream}; scenario files give
 *     an aim to a figure by it
 * @param unit such as {@code ms}, {@code KiB}, {@code MB}, {@code 1/s}; empty for a ratio or a
 *     count
 * @param aim what it should be, if that is said anywhere
 */
public record Figure(String name, double value, String unit, @Nullable Aim aim) {
    public static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, null);
    }

    /**
     * What a figure should be.
     *
     * @param atMost whether more is worse, so that the limit is the most; else it is the least
     * @param limit in the figure's unit
     */
    public record Aim(boolean atMost, double limit) {
        boolean isReachedBy(double value) {
            return atMost ? value <= limit : value >= limit;
        }
    }

    public Figure withAim(@Nullable Aim other) {
        return new Figure(name, value, unit, other);
    }

    /** Whether it is as it should be; what has no aim cannot miss it. */
    public boolean reachesItsAim() {
        return aim == null || aim.isReachedBy(value);
    }
}
