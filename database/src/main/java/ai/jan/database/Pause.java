// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import java.time.Duration;

/** Waits between attempts: longer each time, five seconds at most. */
final class Pause {
    private static final Duration STEP = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Pause() {}

    static void of(int attempt) {
        try {
            var pause = STEP.multipliedBy(attempt);
            Thread.sleep(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("interrupted while waiting for the database", e);
        }
    }
}
