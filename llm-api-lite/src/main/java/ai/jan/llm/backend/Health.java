// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A circuit breaker: whether a backend works, as far as its last requests tell. After five failures
 * in a row it is out of order for a second, then two, up to half a minute, and until it answers the
 * question whether it lives; one more failure then puts it out of order again. A backend that is
 * out of order is asked only if no other can be. Thread-safe.
 */
final class Health {
    private static final int FAILURES = 5;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final LongSupplier nanoTime;
    private int failures;
    private boolean outOfOrder;
    private long since;
    private long lastHeard;
    private Duration pause = SHORTEST;

    Health(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastHeard = nanoTime.getAsLong();
    }

    synchronized boolean isOutOfOrder() {
        return outOfOrder;
    }

    /** It answered a request. */
    synchronized void succeeded() {
        failures = 0;
        outOfOrder = false;
        pause = SHORTEST;
        lastHeard = nanoTime.getAsLong();
    }

    /** It could not be reached, broke, or said that it cannot serve. */
    synchronized void failed() {
        lastHeard = nanoTime.getAsLong();
        failures++;
        if (failures >= FAILURES) {
            if (outOfOrder) {
                return; // somebody had no other choice than to ask it
            }
            outOfOrder = true;
            since = nanoTime.getAsLong();
        }
    }

    /** Whether it should be asked if it lives, because no request has told for so long. */
    synchronized boolean isUnknown(Duration forSoLong) {
        return passed(lastHeard).compareTo(forSoLong) >= 0
                || (outOfOrder && passed(since).compareTo(pause) >= 0);
    }

    /** It was asked whether it lives. */
    synchronized void probed(boolean alive) {
        if (!alive) {
            failed();
            since = nanoTime.getAsLong();
        } else if (!outOfOrder) {
            succeeded();
        } else if (passed(since).compareTo(pause) >= 0) {
            outOfOrder = false;
            failures = FAILURES - 1;
            var longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
            lastHeard = nanoTime.getAsLong();
        }
    }

    private Duration passed(long moment) {
        return Duration.ofNanos(nanoTime.getAsLong() - moment);
    }
}
