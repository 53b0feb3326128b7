// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done now and then: closing reservations whose lease has run out, and keeping the
 * tables small. Every process does it, so that none has to be there. Bounded work each time.
 */
public final class LedgerUpkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LedgerUpkeep.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    private static final int BATCH = 1000;
    private static final int KEEP_DAYS = 400;

    private final Ledger ledger;
    private final Thread thread = Thread.ofVirtual().name("ledger-upkeep").unstarted(this::run);
    private boolean outage;

    private LedgerUpkeep(Ledger ledger) {
        this.ledger = ledger;
    }

    public static LedgerUpkeep start(Ledger ledger) {
        var upkeep = new LedgerUpkeep(ledger);
        upkeep.thread.start();
        return upkeep;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                keepUp();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts
        }
    }

    private void keepUp() {
        try {
            int expired = ledger.expire(BATCH);
            if (expired > 0) {
                log.warn("{} reservations were given up by whoever served them", expired);
            }
            int _ = ledger.sweep(BATCH, KEEP_DAYS);
            outage = false;
        } catch (RuntimeException e) { // also while the database is not migrated yet
            if (!outage) { // once per outage
                log.warn("the ledger cannot be kept up for now: {}", e.toString());
            }
            outage = true;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(STOP_LIMIT)) {
                log.warn("the upkeep of the ledger did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
