// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import ai.jan.stack.Terminal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Kills a process that is alive but has not done its work for a while, as an orchestrator's
 * liveness probe does: its clients get an error instead of waiting for as long as a model may take.
 */
final class Liveness implements Runnable {
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final Launch launch;
    private final Supplier<Process> process;
    private final CountDownLatch stopping;
    private final Terminal terminal;

    Liveness(Launch launch, Supplier<Process> process, CountDownLatch stopping, Terminal terminal) {
        this.launch = launch;
        this.process = process;
        this.stopping = stopping;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try {
            var watched = process.get();
            var silentSince = System.nanoTime();
            var allowed = launch.frozenAfter(); // it was ready when this began
            while (!stopping.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                var current = process.get();
                if (!current.equals(watched)) {
                    watched = current;
                    silentSince = System.nanoTime();
                    allowed = launch.patience();
                }
                if (launch.ready().isReady()) {
                    silentSince = System.nanoTime();
                    allowed = launch.frozenAfter();
                } else if (current.isAlive()
                        && System.nanoTime() - silentSince > allowed.toNanos()) {
                    kill(current);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void kill(Process frozen) {
        terminal.say(launch.name() + " does not answer: ending it");
        frozen.descendants().forEach(ProcessHandle::destroyForcibly);
        frozen.destroyForcibly();
    }
}
