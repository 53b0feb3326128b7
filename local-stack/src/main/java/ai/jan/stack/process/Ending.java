// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends a process and everything it started: first asked, after a deadline forced. */
final class Ending {
    private static final Duration FORCED = Duration.ofSeconds(5);

    private Ending() {}

    static void end(ProcessHandle process, Launch.StopSignal signal, Duration deadline)
            throws InterruptedException {
        var offspring = process.descendants().toList();
        ask(process, signal);
        if (!isGoneWithin(process, deadline)) {
            process.destroyForcibly();
            isGoneWithin(process, FORCED);
        }
        endOrphans(offspring);
    }

    private static void endOrphans(List<ProcessHandle> offspring) throws InterruptedException {
        for (var orphan : offspring) {
            orphan.destroy();
        }
        for (var orphan : offspring) {
            if (orphan.isAlive() && !isGoneWithin(orphan, FORCED)) {
                orphan.destroyForcibly();
                isGoneWithin(orphan, FORCED);
            }
        }
    }

    private static void ask(ProcessHandle process, Launch.StopSignal signal)
            throws InterruptedException {
        switch (signal) {
            case TERM -> process.destroy();
            case INT -> interrupt(process);
        }
    }

    private static void interrupt(ProcessHandle process) throws InterruptedException {
        try {
            new ProcessBuilder("sh", "-c", "kill -INT " + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.destroy(); // no shell: the slower way to stop is better than none
        }
    }

    private static boolean isGoneWithin(ProcessHandle process, Duration deadline)
            throws InterruptedException {
        try {
            process.onExit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process failed", e);
        }
    }
}
