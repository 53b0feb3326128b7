// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.quota;

import ai.jan.database.DatabaseUnavailable;
import ai.jan.kit.metrics.ReservationMetrics;
import ai.jan.kit.metrics.ReservationMetrics.Closing;
import ai.jan.kit.telemetry.Span;
import ai.jan.quota.Amount;
import ai.jan.quota.Lanes;
import ai.jan.quota.Ledger;
import ai.jan.quota.Reservation;
import ai.jan.quota.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles reservations off the requests' threads, so that neither a client that leaves nor a slow
 * disk matters. While the database is away they wait, with their leases renewed; one that cannot be
 * kept here, or not be settled for ten minutes, is closed by its lease at what was reserved.
 * Thread-safe.
 */
final class Settlements implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Settlements.class);
    private static final int MOST = 10_000;
    private static final int WORKERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration GIVE_UP = Duration.ofMinutes(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(10);

    /**
     * @param span from when it was due
     */
    private record Due(Settlement settlement, long since, Span span) {
        String id() {
            return settlement.reservation().id();
        }
    }

    private final Ledger ledger;
    private final OpenReservations open;
    private final ReservationMetrics metrics;
    private final ExecutorService workers =
            Executors.newFixedThreadPool(
                    WORKERS, Thread.ofVirtual().name("settlements-", 0).factory());
    private final Lanes<Due> lanes = new Lanes<>(workers, WORKERS, MOST, this::finish);

    Settlements(Ledger ledger, OpenReservations open, ReservationMetrics metrics) {
        this.ledger = ledger;
        this.open = open;
        this.metrics = metrics;
    }

    /**
     * @param request whose reservation it is
     */
    void settle(Reservation reservation, Amount used, Span request) {
        add(new Settlement(reservation, used), request);
    }

    /**
     * @param request whose reservation it is
     */
    void release(Reservation reservation, Span request) {
        add(new Settlement(reservation, null), request);
    }

    int waiting() {
        return lanes.size();
    }

    private void add(Settlement settlement, Span request) {
        var due = new Due(settlement, System.nanoTime(), request.step("settle"));
        if (!lanes.offer(settlement.reservation().spender().subject(), due)) {
            log.error("{}: too many settlements wait: left to its lease", due.id());
            due.span.fails("left");
            end(due, Closing.LEFT);
        }
    }

    /** Settles some in one transaction. */
    private void finish(List<Due> some) {
        try {
            while (!areDone(some)) {
                if (System.nanoTime() - some.getFirst().since > GIVE_UP.toNanos()) {
                    giveUp(some, "not settled for too long", null);
                    return;
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts: left to their leases
        }
    }

    /** False if it should be tried again. */
    private boolean areDone(List<Due> some) {
        try {
            var first = ledger.close(some.stream().map(Due::settlement).toList());
            for (int i = 0; i < some.size(); i++) {
                var due = some.get(i);
                if (!first.get(i)) {
                    log.warn("{}: was closed before it was settled", due.id());
                }
                end(due, first.get(i) ? closing(due.settlement) : Closing.TOO_LATE);
            }
            return true;
        } catch (DatabaseUnavailable e) {
            log.debug("{} not settled yet", some.size(), e);
            return false;
        } catch (RuntimeException e) {
            if (some.size() == 1) {
                giveUp(some, "cannot be settled", e);
            } else {
                some.forEach(due -> finish(List.of(due))); // it may be the fault of one
            }
            return true;
        }
    }

    private void giveUp(List<Due> some, String why, @Nullable RuntimeException cause) {
        for (var due : some) {
            log.error("{}: {}: left to its lease", due.id(), why, cause);
            end(due, Closing.LEFT);
        }
    }

    private void end(Due due, Closing closing) {
        metrics.closed(closing);
        open.remove(due.id());
        due.span.close();
    }

    private static Closing closing(Settlement settlement) {
        return settlement.used() == null ? Closing.RELEASED : Closing.SETTLED;
    }

    /** Finishes what can be finished soon; the rest is left to the leases. */
    @Override
    public void close() {
        long until = System.nanoTime() + STOP_LIMIT.toNanos();
        try {
            while (lanes.size() > 0 && System.nanoTime() < until) {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
    }
}
