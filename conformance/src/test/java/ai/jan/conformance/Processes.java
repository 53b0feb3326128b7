// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Processes that tests have started. */
final class Processes {
    private Processes() {}

    /** Asks a process to end, and ends it if it does not within the time. */
    static void end(Process process, Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
