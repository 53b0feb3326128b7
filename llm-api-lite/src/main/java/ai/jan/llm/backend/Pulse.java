// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Tells a model server that thinks from one that hangs: a server that has been silent for long is
 * asked something simple. Calls that wait share the probes. Thread-safe.
 */
final class Pulse {
    private static final int MISSED_TO_BE_LOST = 3;
    private static final Duration STALE = Duration.ofSeconds(15);

    private final BooleanSupplier probe;
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile int missed;
    private volatile long lastProbe = System.nanoTime() - STALE.toNanos();

    /**
     * @param probe asks the server, blocks for a bounded time; true if it answered
     */
    Pulse(BooleanSupplier probe) {
        this.probe = probe;
    }

    /** Something came from the server. */
    void felt() {
        missed = 0;
    }

    /** Asks the server, unless it is being asked; does not wait for the answer. */
    void feel() {
        if (probing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("pulse").start(this::ask);
        }
    }

    /** Whether it did not answer three probes in a row, just now. */
    boolean isLost() {
        return missed >= MISSED_TO_BE_LOST && !isStale();
    }

    /** Asks the server and waits for the answer. */
    boolean answers() {
        return probe.getAsBoolean();
    }

    private void ask() {
        try {
            int before = isStale() ? 0 : missed;
            missed = probe.getAsBoolean() ? 0 : before + 1;
            lastProbe = System.nanoTime();
        } finally {
            probing.set(false);
        }
    }

    private boolean isStale() {
        return System.nanoTime() - lastProbe > STALE.toNanos();
    }
}
