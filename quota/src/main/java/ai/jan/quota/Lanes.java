// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Work that waits for the ledger, in a lane for each set of limits. What counts against the same
 * limits would wait for the same locks in the database; here it waits for its lane instead, and
 * goes together when its turn comes. So somebody who asks a lot takes one connection, not all of
 * them. Bounded, and thread-safe.
 *
 * @param <T> what is done, for instance a {@link Claim}
 */
public final class Lanes<T> {
    private static final int TOGETHER = 32;

    private final Executor workers;
    private final int capacity;
    private final Consumer<List<T>> work;
    private final Map<List<Limit>, Queue<T>> lanes = new HashMap<>();
    private int size;

    /**
     * @param workers as many as may be at it at once
     * @param capacity how many may wait
     * @param work is given some that count against the same limits; what it throws ends it for
     *     these only
     */
    public Lanes(Executor workers, int capacity, Consumer<List<T>> work) {
        this.workers = workers;
        this.capacity = capacity;
        this.work = work;
    }

    /** Adds to a lane; false if too many wait already. */
    public boolean offer(List<Limit> limits, T item) {
        boolean isFirst;
        synchronized (this) {
            if (size == capacity) {
                return false;
            }
            size++;
            var lane = lanes.get(limits);
            isFirst = lane == null;
            if (lane == null) {
                lane = new ArrayDeque<>();
                lanes.put(limits, lane);
            }
            lane.add(item);
        }
        if (isFirst) {
            schedule(limits);
        }
        return true;
    }

    /** How many wait or are being worked on. */
    public synchronized int size() {
        return size;
    }

    private void run(List<Limit> limits) {
        var some = some(limits);
        try {
            work.accept(some);
        } finally { // a lane that nobody frees would be closed for ever
            if (isMoreAfter(limits, some.size())) {
                schedule(limits); // behind the other lanes
            }
        }
    }

    private void schedule(List<Limit> limits) {
        try {
            workers.execute(() -> run(limits));
        } catch (RejectedExecutionException e) {
            // the process ends: what waits here is left to its leases
        }
    }

    private synchronized List<T> some(List<Limit> limits) {
        var lane = lanes.getOrDefault(limits, new ArrayDeque<>());
        var some = new ArrayList<T>();
        for (T next; some.size() < TOGETHER && (next = lane.poll()) != null; ) {
            some.add(next);
        }
        return some;
    }

    private synchronized boolean isMoreAfter(List<Limit> limits, int done) {
        size -= done;
        var lane = lanes.get(limits);
        if (lane != null && lane.isEmpty()) {
            lanes.remove(limits);
            return false;
        }
        return true;
    }
}
