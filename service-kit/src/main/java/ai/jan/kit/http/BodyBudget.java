// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.problem.ApiProblem;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies, of requests and of answers that are put together before they are sent,
 * a process keeps in memory at once. Nobody waits for room: a request that finds none is to come
 * again. Thread-safe.
 */
final class BodyBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    BodyBudget(long limit) {
        this.limit = limit;
    }

    /** What one request holds. */
    Share share() {
        return new Share();
    }

    long used() {
        return used.get();
    }

    /** Thread-safe; given back as a whole. */
    final class Share implements AutoCloseable {
        private long held;
        private boolean closed;

        /**
         * @throws ApiProblem 503 if there is no room for so many more bytes
         */
        synchronized void take(long bytes) {
            if (closed) {
                throw new IllegalStateException("the request is over");
            }
            if (used.addAndGet(bytes) > limit) {
                used.addAndGet(-bytes);
                throw ApiProblem.unavailable(null, "The server is too busy; please try again.")
                        .header("Retry-After", "1");
            }
            held += bytes;
        }

        @Override
        public synchronized void close() {
            closed = true;
            used.addAndGet(-held);
            held = 0;
        }
    }
}
