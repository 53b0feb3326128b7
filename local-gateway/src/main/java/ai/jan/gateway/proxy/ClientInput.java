// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.kong.testkit.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends. A thread of its own reads as long as there is room, so that it learns at
 * once that the client has left, also while a request waits for its service and nobody wants to
 * read. What it reads ahead is kept for the next request. Reading is for one thread at a time, and
 * so is to watch.
 */
final class ClientInput implements AutoCloseable {
    private static final int CAPACITY = 16 * 1024;

    private final InputStream in;
    private final Deadline deadline;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final byte[] buffer = new byte[CAPACITY];
    private int start;
    private int end;
    private boolean ended;
    private @Nullable Runnable gone;
    private final byte[] taken = new byte[1024]; // by who reads single bytes
    private int next;
    private int count;

    /**
     * @param deadline of this input alone; closes the socket
     */
    ClientInput(InputStream in, Deadline deadline) {
        this.in = in;
        this.deadline = deadline;
        Thread.ofVirtual().name("client-input").start(this::readAll);
    }

    /** The next byte, or -1 at the end. */
    int read(int timeout) throws IOException {
        if (next == count) {
            next = 0;
            count = Math.max(arrived(taken, 0, taken.length, timeout), 0);
            if (count == 0) {
                return -1;
            }
        }
        return taken[next++] & 0xff;
    }

    /** Some bytes, at least one; or -1 at the end. */
    int read(byte[] target, int offset, int length, int timeout) throws IOException {
        if (next == count) {
            return arrived(target, offset, length, timeout);
        }
        int some = Math.min(length, count - next);
        System.arraycopy(taken, next, target, offset, some);
        next += some;
        return some;
    }

    private int arrived(byte[] target, int offset, int length, int timeout) throws IOException {
        lock.lock();
        try {
            if (start == end && !ended) {
                await(timeout);
            }
            if (start == end) {
                return -1;
            }
            int some = Math.min(length, end - start);
            System.arraycopy(buffer, start, target, offset, some);
            start += some;
            room.signal();
            return some;
        } finally {
            lock.unlock();
        }
    }

    private void await(int timeout) throws IOException {
        deadline.begin(timeout);
        try {
            while (start == end && !ended) {
                arrived.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            deadline.end();
        }
        if (deadline.passed()) {
            throw new SocketTimeoutException("the client sends nothing");
        }
    }

    private void readAll() {
        try {
            for (int at = whereThereIsRoom(); at >= 0; at = whereThereIsRoom()) {
                int some = in.read(buffer, at, CAPACITY - at);
                if (some < 0) {
                    return;
                }
                append(some);
            }
        } catch (IOException e) {
            // who reads sees the end: what broke a client's connection makes no difference
        } finally {
            close();
        }
    }

    /** Where to read to, once there is room; -1 when nobody wants more. */
    private int whereThereIsRoom() {
        lock.lock();
        try {
            while (end - start == CAPACITY && !ended) {
                room.awaitUninterruptibly();
            }
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
            return ended ? -1 : end;
        } finally {
            lock.unlock();
        }
    }

    private void append(int some) {
        lock.lock();
        try {
            end += some;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** From now on runs {@code action}, once, when the client closes its side or its connection. */
    void watch(Runnable action) {
        lock.lock();
        try {
            gone = action;
            if (ended) {
                left();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the watch: the action is not run any more, nor still running. */
    void unwatch() {
        lock.lock();
        try {
            gone = null;
        } finally {
            lock.unlock();
        }
    }

    private void left() {
        var action = gone;
        gone = null;
        if (action != null) {
            action.run();
        }
    }

    /** Nothing more comes: the client has ended it, or the connection is closed. */
    @Override
    public void close() {
        deadline.close();
        lock.lock();
        try {
            ended = true;
            arrived.signal();
            room.signal();
            left();
        } finally {
            lock.unlock();
        }
    }
}
