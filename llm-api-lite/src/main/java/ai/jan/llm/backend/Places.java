// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.metrics.BackendMetrics;
import ai.jan.kit.problem.ApiProblem;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Places at the backends. Who finds all backends of a model full waits, in the order of arrival,
 * for a bounded time and as long as the client does. Thread-safe.
 */
final class Places {
    private static final class Waiter {
        final List<Offer> offers;
        final CompletableFuture<Offer> place = new CompletableFuture<>();

        Waiter(List<Offer> offers) {
            this.offers = offers;
        }
    }

    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final BackendMetrics metrics;

    Places(BackendMetrics metrics) {
        this.metrics = metrics;
    }

    /** How many wait now. */
    synchronized int waiting() {
        return waiting.size();
    }

    /**
     * A place at the first backend that has one; to be given back.
     *
     * @param ordered the better ones first, at least one
     * @throws ApiProblem 503 if there is none in time
     */
    Offer take(List<Offer> ordered, Question question) throws ClientGone, InterruptedException {
        var waiter = new Waiter(ordered);
        long start = System.nanoTime();
        synchronized (this) {
            for (var offer : ordered) {
                if (offer.backend().hasRoom()) {
                    offer.backend().callStarted();
                    metrics.waited(Duration.ZERO);
                    return offer;
                }
            }
            waiting.add(waiter);
        }
        var client = question.exchange().client();
        client.whenGone(() -> waiter.place.cancel(false));
        try {
            return waiter.place.get(patience(ordered).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (!waiter.place.cancel(false)) {
                return waiter.place.join(); // it came in the last moment
            }
            throw ApiProblem.unavailable(null, "The model servers are busy. Please try again.")
                    .header("Retry-After", "5");
        } catch (InterruptedException e) {
            if (!waiter.place.cancel(false)) {
                giveBack(waiter.place.join());
            }
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails a place", e);
        } catch (CancellationException e) {
            client.check();
            throw new IllegalStateException("only the client's leaving ends the wait", e);
        } finally {
            client.forget();
            leave(waiter);
            metrics.waited(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** The one who waits longest for this backend gets the place. */
    synchronized void giveBack(Offer offer) {
        offer.backend().callEnded();
        for (var waiter : waiting) {
            var same =
                    waiter.offers.stream()
                            .filter(other -> other.backend() == offer.backend())
                            .findFirst();
            if (same.isPresent() && offer.backend().hasRoom()) {
                offer.backend().callStarted();
                if (waiter.place.complete(same.get())) {
                    waiting.remove(waiter);
                    return;
                }
                offer.backend().callEnded();
            }
        }
    }

    private synchronized void leave(Waiter waiter) {
        waiting.remove(waiter);
    }

    private static Duration patience(List<Offer> offers) {
        return offers.stream()
                .map(offer -> offer.backend().config().deadlines().queue())
                .max(Duration::compareTo)
                .orElseThrow();
    }
}
