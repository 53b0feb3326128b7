// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that does what has come over its connections and what is due, each at its time: a
 * selector waits in whole milliseconds, so the last one is waited for in small steps. Either a
 * thread of its own runs it, see {@link #start}, or whoever calls {@link #runUntil}; all other
 * methods are for that thread, but {@link #close}.
 */
public final class EventLoop implements AutoCloseable {
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(30);
    private static final long COARSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LOOK_MILLIS = 5;
    private static final int TASKS_PER_TURN = 256; // so that connections are not forgotten for them

    /** What a connection does when something can be read or written. */
    public interface Ready {
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
    private @Nullable Thread thread;
    private long numbers;
    private volatile boolean closed;

    public EventLoop() throws IOException {
        selector = Selector.open();
    }

    /** Runs it on a thread of its own until it is closed. */
    public void start(String name) {
        thread = Thread.ofPlatform().daemon().name(name).start(this::runUntilClosed);
    }

    /**
     * Runs it on this thread until a condition holds, which is looked at all few milliseconds.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void runUntil(BooleanSupplier done) throws InterruptedException {
        try {
            while (!done.getAsBoolean()) {
                turn(LOOK_MILLIS);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a channel served, which must not block. */
    public SelectionKey register(SelectableChannel channel, int operations, Ready ready)
            throws IOException {
        return channel.register(selector, operations, ready);
    }

    /** Has something done at a moment of {@link System#nanoTime}. */
    public void at(long moment, Runnable task) {
        due.add(new Due(moment, numbers++, task));
    }

    private void runUntilClosed() {
        try {
            while (!closed) {
                turn(TimeUnit.DAYS.toMillis(1));
            }
            release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void turn(long atMostMillis) throws IOException {
        await(atMostMillis);
        selector.selectedKeys().forEach(key -> ((Ready) key.attachment()).ready());
        selector.selectedKeys().clear();
        for (int i = 0; i < TASKS_PER_TURN; i++) {
            var next = due.peek();
            if (next == null || next.at - System.nanoTime() > 0) {
                break;
            }
            due.remove().task.run();
        }
    }

    private void await(long atMostMillis) throws IOException {
        var next = due.peek();
        if (next == null) {
            selector.select(atMostMillis);
            return;
        }
        long left = next.at - System.nanoTime();
        if (left > COARSE_NANOS) {
            selector.select(Math.min(left / 1_000_000 - 1, atMostMillis));
        } else if (selector.selectNow() == 0 && left > 0) {
            LockSupport.parkNanos(Math.min(left, STEP_NANOS));
        }
    }

    private void release() throws IOException {
        for (var key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** Ends it, and closes the channels that it serves. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (thread == null) {
            release();
            return;
        }
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
