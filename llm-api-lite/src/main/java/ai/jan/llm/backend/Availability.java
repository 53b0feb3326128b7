// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many model servers answer. Asked by anybody who may see whether the service is ready, so that
 * an answer is used again for a moment. Thread-safe.
 */
public final class Availability {
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    private final Models models;
    private long asked = System.nanoTime() - REMEMBERED.toNanos();
    private int available;

    public Availability(Models models) {
        this.models = models;
    }

    public int configured() {
        return models.backends().size();
    }

    /** Asks all of them at once; takes as long as the slowest may. */
    public synchronized int available() throws InterruptedException {
        if (System.nanoTime() - asked >= REMEMBERED.toNanos()) {
            available = count();
            asked = System.nanoTime();
        }
        return available;
    }

    private int count() throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var probes = new ArrayList<Callable<Boolean>>();
            models.backends().forEach(backend -> probes.add(backend.pulse()::answers));
            List<Future<Boolean>> answers = threads.invokeAll(probes);
            int count = 0;
            for (var answer : answers) {
                count += answer.get() ? 1 : 0;
            }
            return count;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe failed", e);
        }
    }
}
