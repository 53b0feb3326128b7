// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.quota.Claim;
import ai.jan.quota.Lanes;
import ai.jan.quota.Ledger;
import ai.jan.quota.Reservation;
import ai.jan.quota.Settlement;
import ai.jan.quota.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger with a deadline on the thread that waits. Time-outs of the pool and of sockets cannot
 * do that: they end the work, after seconds, while the request has to be answered now. So the work
 * is done on other threads, at most as many as the pool has connections, and what waits goes
 * together. What is reserved too late is given back. Thread-safe.
 */
public final class PromptLedger {
    private static final Logger LOG = LoggerFactory.getLogger(PromptLedger.class);

    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int MOST_WAITING = 10_000;

    private record Waiting(Claim claim, CompletableFuture<Verdict> answer) {}

    private final Ledger ledger;
    private final Lanes<Waiting> lanes;

    /**
     * @param connections of the ledger's pool
     */
    public PromptLedger(Ledger ledger, int connections) {
        this.ledger = ledger;
        this.lanes = new Lanes<>(workers(connections), connections, MOST_WAITING, this::decide);
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
        return within(deadline, new Claim(reservation, true));
    }

    /**
     * Counts a request whose cost is known.
     *
     * @return unavailable after the deadline
     */
    Verdict charge(Reservation reservation, Duration deadline) {
        return within(deadline, new Claim(reservation, false));
    }

    private Verdict within(Duration deadline, Claim claim) {
        var answer = new CompletableFuture<Verdict>();
        if (!lanes.offer(claim.reservation().spender().subject(), new Waiting(claim, answer))) {
            return late("too many requests wait for the ledger");
        }
        try {
            return answered(answer, deadline);
        } catch (TimeoutException e) {
            var late = late("no answer in time");
            return answer.complete(late) ? late : answer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var late = late("interrupted");
            return answer.complete(late) ? late : answer.join();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the ledger failed", e.getCause());
        }
    }

    private Verdict answered(CompletableFuture<Verdict> answer, Duration deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        long patience = Math.min(Lanes.PATIENCE.toNanos(), deadline.toNanos());
        try {
            return answer.get(patience, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            lanes.help();
            return answer.get(deadline.toNanos() - patience, TimeUnit.NANOSECONDS);
        }
    }

    private void decide(List<Waiting> some) {
        var waiting = some.stream().filter(each -> !each.answer.isDone()).toList();
        if (waiting.isEmpty()) {
            return;
        }
        try {
            var verdicts = ledger.decide(waiting.stream().map(Waiting::claim).toList());
            var tooLate = new ArrayList<Settlement>();
            for (int i = 0; i < waiting.size(); i++) {
                var claim = waiting.get(i).claim;
                if (!waiting.get(i).answer.complete(verdicts.get(i))
                        && claim.isOpen()
                        && verdicts.get(i) instanceof Verdict.Reserved) {
                    tooLate.add(new Settlement(claim.reservation(), null));
                }
            }
            giveBack(tooLate);
        } catch (RuntimeException e) {
            if (waiting.size() == 1) {
                fail(waiting.getFirst(), e);
            } else {
                waiting.forEach(each -> decide(List.of(each))); // it may be the fault of one
            }
        }
    }

    private static void fail(Waiting waiting, RuntimeException failure) {
        if (!waiting.answer.completeExceptionally(failure)) {
            LOG.error(
                    "{}: a reservation that came too late failed",
                    waiting.claim.reservation().id(),
                    failure);
        }
    }

    /** Nobody waits for them any more; if they cannot be given back, their leases do it. */
    private void giveBack(List<Settlement> tooLate) {
        if (tooLate.isEmpty()) {
            return;
        }
        try {
            var _ = ledger.close(tooLate);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} reserved too late, left to their leases: {}", tooLate.size(), e.toString());
        }
    }

    private static Verdict late(String what) {
        return new Verdict.Unavailable(new IllegalStateException(what));
    }
}
