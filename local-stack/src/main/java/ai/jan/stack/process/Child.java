// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One supervised process. Until it was ready once, its end is a failure of the start; after that it
 * is started again, with growing pauses. What happens to one that is alive but does not answer is
 * said by {@link Launch#frozenAfter}. Thread-safe.
 */
public final class Child {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration HEALTHY = Duration.ofMinutes(1);
    private static final long POLL_MILLIS = 100;

    private final Launch launch;
    private final Path log;
    private final Terminal terminal;
    private final ProcessRecords records;
    private final Runnable onRestart;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Process process;

    /** Starts it. */
    Child(Launch launch, Path log, Terminal terminal, ProcessRecords records, Runnable onRestart) {
        this.launch = launch;
        this.log = log;
        this.terminal = terminal;
        this.records = records;
        this.onRestart = onRestart;
        this.process = spawn();
    }

    public String name() {
        return launch.name();
    }

    Launch.Wave wave() {
        return launch.wave();
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits until it works, then keeps it working.
     *
     * @throws ProcessFailure if it ended or was not ready in time; the message has its last words
     */
    public void awaitReady() throws InterruptedException {
        var deadline = System.nanoTime() + launch.patience().toNanos();
        while (!launch.ready().isReady()) {
            if (!process.isAlive()) {
                throw ProcessFailure.unavailable(
                        name()
                                + " ended while starting (exit status "
                                + process.exitValue()
                                + "): "
                                + LogTail.of(log));
            }
            if (System.nanoTime() > deadline) {
                throw ProcessFailure.unavailable(
                        name()
                                + " was not ready after "
                                + launch.patience().toSeconds()
                                + " s: "
                                + LogTail.of(log));
            }
            if (stopping.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException(name() + " was stopped while starting");
            }
        }
        Thread.ofVirtual().name("watch-" + name()).start(this::watch);
        if (launch.frozenAfter().isPositive()) {
            Thread.ofVirtual()
                    .name("liveness-" + name())
                    .start(new Liveness(launch, () -> process, stopping, terminal));
        }
    }

    private void watch() {
        try {
            var pause = FIRST_PAUSE;
            while (true) {
                var since = System.nanoTime();
                int status = process.waitFor();
                if (System.nanoTime() - since > HEALTHY.toNanos()) {
                    pause = FIRST_PAUSE;
                }
                if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                terminal.say(
                        name()
                                + " ended (exit status "
                                + status
                                + "): starting it again; its log is "
                                + log);
                restart();
                pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void restart() {
        if (stopping.getCount() == 0) {
            return;
        }
        process = spawn();
        onRestart.run();
        var started = process;
        Thread.ofVirtual().name("ready-" + name()).start(() -> announce(started));
    }

    private void announce(Process started) {
        try {
            while (started.isAlive() && !stopping.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (launch.ready().isReady()) {
                    terminal.say(name() + " works again");
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process spawn() {
        try {
            var started = Spawn.start(launch.command(), launch.environment(), launch.folder(), log);
            records.started(name(), started.toHandle());
            return started;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot start " + name() + " (" + launch.command().getFirst() + ")", e);
        }
    }

    /** Ends it for good, and whatever it has started. */
    void stop(Duration deadline) throws InterruptedException, IOException {
        stopping.countDown();
        Process last;
        synchronized (this) {
            last = process;
        }
        Ending.end(last.toHandle(), launch.stopSignal(), deadline);
        records.ended(name());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
