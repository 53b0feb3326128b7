// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Rings for events that take too long. On a thread of the system, so that no plugin can block it.
 */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("plugin-deadlines").daemon().factory());

    Deadlines() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs something later, on a thread of its own. */
    Future<?> after(Duration delay, Runnable alarm) {
        return timer.schedule(
                () -> {
                    Thread.startVirtualThread(alarm);
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
