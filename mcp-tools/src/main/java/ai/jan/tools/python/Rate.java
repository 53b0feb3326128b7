// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.python;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each user may do something: GCRA, one instant per user. Users are forgotten when their
 * allowance is full again, so that there are never more than those of the last minute. Thread-safe.
 */
final class Rate {
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int MAX_USERS = 100_000;

    private final Duration interval;
    private final Clock clock;
    private final Map<String, Instant> full = new LinkedHashMap<>();

    /**
     * @param perMinute also how many may come at once
     */
    Rate(int perMinute, Clock clock) {
        this.interval = PERIOD.dividedBy(perMinute);
        this.clock = clock;
    }

    /**
     * @return zero if the user may, else how long to wait
     */
    synchronized Duration take(String user) {
        var now = clock.instant();
        full.values().removeIf(instant -> !instant.isAfter(now));
        var from = full.getOrDefault(user, now);
        var next = (from.isAfter(now) ? from : now).plus(interval);
        var wait = Duration.between(now.plus(PERIOD), next);
        if (wait.isPositive() || (full.size() >= MAX_USERS && !full.containsKey(user))) {
            return wait.isPositive() ? wait : interval;
        }
        full.put(user, next);
        return Duration.ZERO;
    }
}
