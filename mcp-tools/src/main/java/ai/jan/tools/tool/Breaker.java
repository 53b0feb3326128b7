// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps calls away from what has just failed several times in a row; after a pause one call tries
 * whether it works again. Thread-safe.
 */
final class Breaker {
    static final int FAILURES = 5;
    static final Duration PAUSE = Duration.ofSeconds(30);

    private final Clock clock;
    private int failures;
    private Instant closedUntil = Instant.MIN;

    Breaker(Clock clock) {
        this.clock = clock;
    }

    /** Whether a call may try. */
    synchronized boolean admits() {
        if (failures < FAILURES) {
            return true;
        }
        var now = clock.instant();
        if (now.isBefore(closedUntil)) {
            return false;
        }
        closedUntil = now.plus(PAUSE); // for all but this one, which tries
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
    }

    synchronized void failed() {
        failures++;
        if (failures >= FAILURES) {
            closedUntil = clock.instant().plus(PAUSE);
        }
    }
}
