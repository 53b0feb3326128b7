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
    private static final int BATCH = 1000;
    private static final int KEEP_DAYS = 400;

    private LedgerUpkeep() {}

    /** Starts it; it also waits out a database that is not migrated yet. */
    public static Recurring start(Ledger ledger, ReservationMetrics metrics) {
        return Recurring.start(
                "ledger-upkeep",
                Recurring.Rhythm.every(PAUSE),
                "the ledger cannot be kept up for now",
                () -> keepUp(ledger, metrics));
    }

    private static void keepUp(Ledger ledger, ReservationMetrics metrics) {
        int expired = ledger.expire(BATCH);
        metrics.expired(expired);
        if (expired > 0) {
            log.warn("{} reservations were given up by whoever served them", expired);
        }
        int _ = ledger.sweep(BATCH, KEEP_DAYS);
    }
}
