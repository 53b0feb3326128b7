// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread that does what has come over its connections and what is due, each at its time: a
 * selector waits in whole milliseconds, so the last one is waited for in small steps.
 */
final class EventLoop implements AutoCloseable {
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(30);
    private static final long COARSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** What a connection does when something can be read or written. */
    interface Ready {
        void ready();
    }

    private record Due(long at, long number, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            long difference = at - other.at; // of nanoTime, which may overflow
            return difference == 0 ? Long.compare(number, other.number) : Long.signum(difference);
        }
    }

    private final Selector selector;
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Thread thread;
    private long numbers;
    private volatile boolean closed;

    EventLoop(String name) throws IOException {
        selector = Selector.open();
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Selector selector() {
        return selector;
    }

    /** Has something done at a moment of {@link System#nanoTime}. Only within the loop. */
    void at(long moment, Runnable task) {
        due.add(new Due(moment, numbers++, task));
    }

    private void run() {
        try {
            while (!closed) {
                await();
                selector.selectedKeys().forEach(key -> ((Ready) key.attachment()).ready());
                selector.selectedKeys().clear();
                while (!due.isEmpty() && due.peek().at - System.nanoTime() <= 0) {
                    due.remove().task.run();
                }
            }
            for (var key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await() throws IOException {
        var next = due.peek();
        if (next == null) {
            selector.select();
            return;
        }
        long left = next.at - System.nanoTime();
        if (left > COARSE_NANOS) {
            selector.select(left / 1_000_000 - 1);
        } else if (selector.selectNow() == 0 && left > 0) {
            LockSupport.parkNanos(Math.min(left, STEP_NANOS));
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
