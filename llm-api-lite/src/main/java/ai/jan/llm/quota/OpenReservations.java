// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.quota;

import ai.jan.kit.lifecycle.Recurring;
import ai.jan.quota.Ledger;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reservations of the requests that this process serves; their leases are renewed in one
 * statement, so that only a process that is dead or cut off loses them. Thread-safe.
 */
final class OpenReservations implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OpenReservations.class);
    private static final Duration RENEWAL = Ledger.LEASE.dividedBy(3);

    private final Ledger ledger;
    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final Recurring renewal;

    private OpenReservations(Ledger ledger) {
        this.ledger = ledger;
        this.renewal =
                Recurring.start(
                        "reservation-leases",
                        Recurring.Rhythm.every(RENEWAL),
                        "the leases of reservations cannot be renewed",
                        this::renew);
    }

    static OpenReservations start(Ledger ledger) {
        return new OpenReservations(ledger);
    }

    void add(String id) {
        ids.add(id);
    }

    void remove(String id) {
        ids.remove(id);
    }

    int count() {
        return ids.size();
    }

    private void renew() {
        var due = Set.copyOf(ids);
        if (due.isEmpty()) {
            return;
        }
        var renewed = ledger.renew(due);
        long lost = due.stream().filter(id -> ids.contains(id) && !renewed.contains(id)).count();
        if (lost > 0) { // settling them makes it good, as far as it can
            log.warn("{} reservations being served are not open in the ledger", lost);
        }
    }

    @Override
    public void close() {
        renewal.close();
    }
}
