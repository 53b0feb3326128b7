// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * So much of a unit in any window of time, refilled continuously.
 *
 * @param bucket whose limit it is: requests with the same bucket share it
 * @param amount at most, at once and per window; 0 allows nothing
 * @param window at least a millisecond; zero for {@link Unit#SLOTS}, which do not refill
 */
public record Limit(String bucket, Unit unit, long amount, Duration window) {
    private static final Duration LONGEST_SHORT = Duration.ofDays(1);

    public Limit {
        if (amount < 0
                || window.isNegative()
                || window.isZero() != (unit == Unit.SLOTS)
                || window.compareTo(Duration.ofDays(3660)) > 0) {
            throw new IllegalArgumentException("no limit: " + amount + " in " + window);
        }
    }

    /**
     * A limit on a unit in a window for whoever the names say.
     *
     * @param names such as {@code user} and a subject; any text
     */
    public static Limit of(Unit unit, long amount, Duration window, String... names) {
        var bucket =
                Arrays.stream(names)
                        .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .collect(
                                Collectors.joining(
                                        "/", "", "/" + unit.sqlName() + "/" + window.toSeconds()));
        return new Limit(bucket, unit, amount, window);
    }

    /** Whether it is a budget rather than a rate: it takes longer than a day to refill. */
    public boolean isBudget() {
        return unit == Unit.MONEY || window.compareTo(LONGEST_SHORT) > 0;
    }
}
