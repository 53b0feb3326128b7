// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.quota.Ledger;
import ai.jan.quota.Reservation;
import ai.jan.quota.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger with a deadline on the thread that waits. Time-outs of the pool and of sockets cannot
 * do that: they end the work, after seconds, while the request has to be answered now. So the work
 * is done on another thread, and as many as the pool has connections may be at it. What is reserved
 * too late is given back. Thread-safe.
 */
public final class PromptLedger {
    private static final Logger LOG = LoggerFactory.getLogger(PromptLedger.class);

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Semaphore permits;
    private final Executor workers;

    /**
     * @param connections of the ledger's pool
     */
    public PromptLedger(Ledger ledger, int connections) {
        this.ledger = ledger;
        this.permits = new Semaphore(connections, true);
        this.workers = workers(connections);
    }

    /** Threads of the system: they are woken by the database's answer without a detour. */
    private static Executor workers(int count) {
        var workers =
                new ThreadPoolExecutor(
                        count,
                        count,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("ledger-", 1).factory());
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    /**
     * Reserves for a request that will be settled.
     *
     * @return unavailable after the deadline
     */
    Verdict reserve(Reservation reservation, Duration deadline) {
        return within(deadline, reservation, true);
    }

    /**
     * Counts a request whose cost is known.
     *
     * @return unavailable after the deadline
     */
    Verdict charge(Reservation reservation, Duration deadline) {
        return within(deadline, reservation, false);
    }

    private Verdict within(Duration deadline, Reservation reservation, boolean open) {
        long until = System.nanoTime() + deadline.toNanos();
        try {
            if (!permits.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                return late("all connections are busy");
            }
            var answer = new CompletableFuture<Verdict>();
            workers.execute(() -> decide(reservation, open, answer));
            try {
                return answer.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                var late = late("no answer in time");
                return answer.complete(late) ? late : answer.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return late("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the ledger failed", e.getCause());
        }
    }

    private void decide(Reservation reservation, boolean open, CompletableFuture<Verdict> answer) {
        try {
            var verdict = open ? ledger.reserve(reservation) : ledger.charge(reservation);
            if (!answer.complete(verdict) && open && verdict instanceof Verdict.Reserved) {
                giveBack(reservation);
            }
        } catch (RuntimeException e) {
            if (!answer.completeExceptionally(e)) {
                LOG.error("{}: a reservation that came too late failed", reservation.id(), e);
            }
        } finally {
            permits.release();
        }
    }

    /** Nobody waits for it any more; if it cannot be given back, its lease does it. */
    private void giveBack(Reservation reservation) {
        try {
            var _ = ledger.release(reservation);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{}: reserved too late, left to its lease: {}", reservation.id(), e.toString());
        }
    }

    private static Verdict late(String what) {
        return new Verdict.Unavailable(new IllegalStateException(what));
    }
}
