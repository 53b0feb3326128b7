// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Work that waits for the ledger. What has come when a worker is free goes together, since a step
 * for many costs hardly more than one for one; from each lane one in turn, so that nobody who asks
 * a lot makes others wait. One worker is enough while it takes what comes; when something has
 * waited for a while, because the ledger is slow or waits for somebody's locks, there is another.
 * Bounded, and thread-safe.
 *
 * @param <T> what is done, for instance a {@link Claim}
 */
public final class Lanes<T> {
    private static final int TOGETHER = 32;

    /** How long something waits before there is {@link #help}. */
    public static final Duration PATIENCE = Duration.ofMillis(15);

    private static final class Lane<T> {
        final String name;
        final Queue<T> waiting = new ArrayDeque<>();

        Lane(String name) {
            this.name = name;
        }
    }

    private final Executor workers;
    private final int mostWorkers;
    private final int capacity;
    private final Consumer<List<T>> work;
    private final LongSupplier nanoTime;

    private final Map<String, Lane<T>> lanes = new HashMap<>();
    private final Queue<Lane<T>> turns = new ArrayDeque<>();
    private int size;
    private int working;
    private long moved; // when something was last taken, or came to where nothing waited

    /**
     * @param workers runs what it is given, or throws when it has ended
     * @param mostWorkers how many may be at it at once
     * @param capacity how many may wait
     * @param work is given some; what it throws ends it for these only
     */
    public Lanes(Executor workers, int mostWorkers, int capacity, Consumer<List<T>> work) {
        this(workers, mostWorkers, capacity, work, System::nanoTime);
    }

    Lanes(
            Executor workers,
            int mostWorkers,
            int capacity,
            Consumer<List<T>> work,
            LongSupplier nanoTime) {
        this.workers = workers;
        this.mostWorkers = mostWorkers;
        this.capacity = capacity;
        this.work = work;
        this.nanoTime = nanoTime;
    }

    /**
     * Adds to a lane; false if too many wait already.
     *
     * @param name of the lane, for instance who asks
     */
    public boolean offer(String name, T item) {
        synchronized (this) {
            if (size == capacity) {
                return false;
            }
            size++;
            if (turns.isEmpty()) {
                moved = nanoTime.getAsLong();
            }
            var lane = lanes.get(name);
            if (lane == null) {
                lane = new Lane<>(name);
                lanes.put(name, lane);
                turns.add(lane);
            }
            lane.waiting.add(item);
        }
        help();
        return true;
    }

    /** Has another worker come if what waits has waited for long; for those who wait. */
    public void help() {
        synchronized (this) {
            boolean isOverdue = nanoTime.getAsLong() - moved >= PATIENCE.toNanos();
            if (turns.isEmpty() || working == mostWorkers || (working > 0 && !isOverdue)) {
                return;
            }
            working++;
            moved = nanoTime.getAsLong();
        }
        start();
    }

    /** How many wait or are being worked on. */
    public synchronized int size() {
        return size;
    }

    private void run() {
        var some = some();
        try {
            if (!some.isEmpty()) { // another worker may have taken it
                work.accept(some);
            }
        } finally { // else what waits would wait for ever
            if (isMoreAfter(some.size())) {
                start();
            }
        }
    }

    private void start() {
        try {
            workers.execute(this::run);
        } catch (RejectedExecutionException e) {
            // the process ends: what waits here is left to its leases
        }
    }

    private synchronized List<T> some() {
        var some = new ArrayList<T>();
        while (some.size() < TOGETHER && !turns.isEmpty()) {
            var lane = turns.remove();
            some.add(lane.waiting.remove());
            if (lane.waiting.isEmpty()) {
                lanes.remove(lane.name);
            } else {
                turns.add(lane);
            }
        }
        moved = nanoTime.getAsLong();
        return some;
    }

    private synchronized boolean isMoreAfter(int done) {
        size -= done;
        if (turns.isEmpty()) {
            working--;
            return false;
        }
        return true;
    }
}
