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
    private boolean isTrying;

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
        isTrying = true;
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
        isTrying = false;
    }

    /** A call ended before it showed whether it works: if it was to try, the next one does. */
    synchronized void undecided() {
        if (isTrying) {
            isTrying = false;
            closedUntil = Instant.MIN;
        }
    }

    synchronized void failed() {
        failures++;
        isTrying = false;
        if (failures >= FAILURES) {
            closedUntil = clock.instant().plus(PAUSE);
        }
    }
}
