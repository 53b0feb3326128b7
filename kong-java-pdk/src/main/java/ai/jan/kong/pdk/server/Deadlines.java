// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Rings for events that take too long. One thread looks at all of them now and then, because an
 * alarm set and cancelled for each event would wake a thread for each, which is most of what a
 * short event costs. Nothing is looked at while there are no events. Thread-safe.
 */
final class Deadlines implements AutoCloseable {
    private static final long MIN_TICK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_TICK = TimeUnit.MILLISECONDS.toNanos(100);

    private final Set<Watch> running = ConcurrentHashMap.newKeySet();
    private final long tick;
    private final Thread thread =
            Thread.ofPlatform().name("plugin-deadlines").daemon().unstarted(this::look);
    private volatile boolean used;
    private volatile boolean asleep;
    private volatile boolean closed;

    /**
     * @param usual how long events may take; a tenth of it is how late a ring may be, within 100 ms
     */
    Deadlines(Duration usual) {
        this.tick = Math.clamp(usual.toNanos() / 10, MIN_TICK, MAX_TICK);
        thread.start();
    }

    /** Something that has a deadline. */
    abstract static class Watch {
        private final AtomicBoolean ringing = new AtomicBoolean();

        /** Nanoseconds left; may grow. */
        abstract long left();

        /** Called on a thread of its own when none are left, and again while that is so. */
        abstract void ring();

        private void ringOnce() {
            if (ringing.compareAndSet(false, true)) {
                Thread.startVirtualThread(() -> {
                    try {
                        ring();
                    } finally {
                        ringing.set(false);
                    }
                });
            }
        }
    }

    void add(Watch watch) {
        running.add(watch);
        if (!used) {
            used = true;
        }
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    void remove(Watch watch) {
        running.remove(watch);
    }

    private void look() {
        while (!closed) {
            if (used || !running.isEmpty()) {
                used = false;
                LockSupport.parkNanos(this, tick);
            } else {
                sleep();
            }
            for (var watch : running) {
                if (watch.left() <= 0) {
                    watch.ringOnce();
                }
            }
        }
    }

    /** Until there is an event again. */
    private void sleep() {
        asleep = true;
        if (running.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
