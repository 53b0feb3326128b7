// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.quota;

import ai.jan.database.DatabaseUnavailable;
import ai.jan.kit.metrics.ReservationMetrics;
import ai.jan.kit.metrics.ReservationMetrics.Closing;
import ai.jan.kit.telemetry.Span;
import ai.jan.quota.Amount;
import ai.jan.quota.Ledger;
import ai.jan.quota.Reservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
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
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * @param used null if all is given back
     * @param span from when it was due
     */
    private record Due(Reservation reservation, @Nullable Amount used, long since, Span span) {}

    private final Ledger ledger;
    private final OpenReservations open;
    private final ReservationMetrics metrics;
    private final BlockingQueue<Due> due = new ArrayBlockingQueue<>(MOST);
    private final List<Thread> workers = new ArrayList<>();
    private volatile boolean stopping;

    private Settlements(Ledger ledger, OpenReservations open, ReservationMetrics metrics) {
        this.ledger = ledger;
        this.open = open;
        this.metrics = metrics;
    }

    static Settlements start(Ledger ledger, OpenReservations open, ReservationMetrics metrics) {
        var settlements = new Settlements(ledger, open, metrics);
        for (int i = 0; i < WORKERS; i++) {
            settlements.workers.add(
                    Thread.ofVirtual().name("settlements-" + i).start(settlements::run));
        }
        return settlements;
    }

    /**
     * @param request whose reservation it is
     */
    void settle(Reservation reservation, Amount used, Span request) {
        add(new Due(reservation, used, System.nanoTime(), request.step("settle")));
    }

    /**
     * @param request whose reservation it is
     */
    void release(Reservation reservation, Span request) {
        add(new Due(reservation, null, System.nanoTime(), request.step("settle")));
    }

    int waiting() {
        return due.size();
    }

    private void add(Due settlement) {
        if (!due.offer(settlement)) {
            open.remove(settlement.reservation.id());
            metrics.closed(Closing.LEFT);
            settlement.span.fails("left");
            settlement.span.close();
            log.error(
                    "{}: too many settlements wait: left to its lease",
                    settlement.reservation.id());
        }
    }

    private void run() {
        try {
            while (true) {
                var next = due.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    finish(next);
                } else if (stopping) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts
        }
    }

    private void finish(Due settlement) throws InterruptedException {
        var id = settlement.reservation.id();
        while (!isDone(settlement)) {
            if (System.nanoTime() - settlement.since > GIVE_UP.toNanos()) {
                log.error("{}: not settled for too long: left to its lease", id);
                metrics.closed(Closing.LEFT);
                break;
            }
            Thread.sleep(PAUSE);
        }
        open.remove(id);
        settlement.span.close();
    }

    /** False if it should be tried again. */
    private boolean isDone(Due settlement) {
        var reservation = settlement.reservation;
        try {
            boolean first =
                    settlement.used == null
                            ? ledger.release(reservation)
                            : ledger.settle(reservation, settlement.used);
            if (!first) {
                log.warn("{}: was closed before it was settled", reservation.id());
                metrics.closed(Closing.TOO_LATE);
            } else {
                metrics.closed(settlement.used == null ? Closing.RELEASED : Closing.SETTLED);
            }
            return true;
        } catch (DatabaseUnavailable e) {
            log.debug("{}: not settled yet", reservation.id(), e);
            return false;
        } catch (RuntimeException e) {
            log.error("{}: cannot be settled: left to its lease", reservation.id(), e);
            metrics.closed(Closing.LEFT);
            return true;
        }
    }

    /** Finishes what can be finished soon; the rest is left to the leases. */
    @Override
    public void close() {
        stopping = true;
        long until = System.nanoTime() + STOP_LIMIT.toNanos();
        try {
            for (var worker : workers) {
                worker.join(Duration.ofNanos(Math.max(until - System.nanoTime(), 1)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.forEach(Thread::interrupt);
    }
}
