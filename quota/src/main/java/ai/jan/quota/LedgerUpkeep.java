// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import ai.jan.kit.lifecycle.Recurring;
import ai.jan.kit.metrics.ReservationMetrics;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done now and then: closing reservations whose lease has run out, and keeping the
 * tables small. Every process does it, so that none has to be there. Bounded work each time.
 */
public final class LedgerUpkeep {
    private static final Logger log = LoggerFactory.getLogger(LedgerUpkeep.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
    private static final int BATCH = 1000;
    private static final int MOST_BATCHES = 500;
    private static final int KEEP_DAYS = 400;

    private final Ledger ledger;
    private final ReservationMetrics metrics;
    private long swept = System.nanoTime();

    private LedgerUpkeep(Ledger ledger, ReservationMetrics metrics) {
        this.ledger = ledger;
        this.metrics = metrics;
    }

    /** Starts it; it also waits out a database that is not migrated yet. */
    public static Recurring start(Ledger ledger, ReservationMetrics metrics) {
        return Recurring.start(
                "ledger-upkeep",
                Recurring.Rhythm.every(PAUSE),
                "the ledger cannot be kept up for now",
                new LedgerUpkeep(ledger, metrics)::keepUp);
    }

    private void keepUp() {
        int expired = ledger.expire(BATCH);
        metrics.expired(expired);
        if (expired > 0) {
            log.warn("{} reservations were given up by whoever served them", expired);
        }
        if (System.nanoTime() - swept > SWEEP_EVERY.toNanos()) {
            sweep();
            swept = System.nanoTime();
        }
    }

    private void sweep() {
        for (int i = 0; i < MOST_BATCHES && !Thread.currentThread().isInterrupted(); i++) {
            if (ledger.sweep(BATCH, KEEP_DAYS) < BATCH) {
                return;
            }
        }
    }
}
