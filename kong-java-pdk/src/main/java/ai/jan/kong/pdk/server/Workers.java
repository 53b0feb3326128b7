// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that plugins run on. They are the system's own: a virtual thread that never stops
 * computing keeps its carrier, and a few of those would stop everything. Each plugin has only so
 * many at once, and none at all while several of its events refuse to end, so that it cannot take
 * the machine from the others. Thread-safe.
 */
final class Workers implements AutoCloseable {
    /** How many events of a plugin may go on after they were given up. */
    static final int MAX_STUCK = 8;

    private static final Duration KEEP_IDLE = Duration.ofSeconds(30);

    private final int places;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE, // the lanes are what bounds them
                    KEEP_IDLE.toSeconds(),
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    Thread.ofPlatform().daemon().name("plugin-", 1).factory());

    /**
     * @param places how many events of one plugin run at once
     */
    Workers(int places) {
        this.places = places;
    }

    /** One plugin's share. */
    private record Lane(Semaphore places, AtomicInteger stuck) {}

    /**
     * Runs a task on a thread of its own.
     *
     * @param patience how long to wait for a place
     * @throws RejectedExecutionException if the plugin has no place for it
     */
    Job start(String plugin, Runnable task, Duration patience) throws InterruptedException {
        var job = admit(plugin, task, patience);
        try {
            threads.execute(job);
        } catch (Throwable e) { // no more threads, most likely
            job.lane.places().release();
            throw new RejectedExecutionException("no thread for an event", e);
        }
        return job;
    }

    /**
     * Takes a place for a task that the caller runs, at once, on a thread of the system.
     *
     * @param patience how long to wait for a place
     * @throws RejectedExecutionException if the plugin has no place for it
     */
    Job admit(String plugin, Runnable task, Duration patience) throws InterruptedException {
        var lane =
                lanes.computeIfAbsent(
                        plugin, _ -> new Lane(new Semaphore(places, true), new AtomicInteger()));
        if (lane.stuck().get() >= MAX_STUCK) {
            throw new RejectedExecutionException(
                    "events of " + plugin + " that took too long are still running");
        }
        if (!lane.places().tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new RejectedExecutionException(
                    places + " events of " + plugin + " are running already");
        }
        return new Job(lane, task);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** A task that runs. */
    static final class Job implements Runnable {
        private final Lane lane;
        private final Runnable task;
        private boolean givenUp;
        private boolean over;

        private Job(Lane lane, Runnable task) {
            this.lane = lane;
            this.task = task;
        }

        @Override
        public void run() {
            try {
                task.run();
            } finally {
                end();
            }
        }

        private synchronized void end() {
            over = true;
            lane.places().release();
            if (givenUp) {
                lane.stuck().decrementAndGet();
            }
        }

        /** Nobody waits for it any more; it counts against its plugin until it ends. */
        synchronized void giveUp() {
            if (!over) {
                givenUp = true;
                lane.stuck().incrementAndGet();
            }
        }
    }
}
