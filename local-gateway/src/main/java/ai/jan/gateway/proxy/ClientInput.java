// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends. While a request waits for its service nobody reads, so {@link #watch} reads
 * ahead on a thread of its own, which learns at once that the client has left; what it reads is
 * kept for the next request. The lock is held by whoever reads from the socket; the monitor guards
 * what was read.
 */
final class ClientInput {
    private static final int CAPACITY = 8 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final ReentrantLock reading = new ReentrantLock();
    private final byte[] incoming = new byte[CAPACITY];
    private final byte[] buffer = new byte[CAPACITY];
    private int start;
    private int end;
    private volatile boolean ended;
    private boolean watching;
    private volatile @Nullable Runnable gone;

    ClientInput(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** The next byte, or -1 at the end. */
    int read(int timeout) throws IOException {
        var one = new byte[1];
        return read(one, 0, 1, timeout) < 0 ? -1 : one[0] & 0xff;
    }

    /** Some bytes, at least one; or -1 at the end. */
    int read(byte[] target, int offset, int length, int timeout) throws IOException {
        int count = take(target, offset, length);
        while (count == 0) {
            lock(timeout);
            try {
                count = take(target, offset, length);
                if (count == 0 && !fill(timeout)) {
                    return -1;
                }
            } finally {
                reading.unlock();
            }
            count = count == 0 ? take(target, offset, length) : count;
        }
        return count;
    }

    private synchronized int take(byte[] target, int offset, int length) {
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, target, offset, count);
        start += count;
        return count;
    }

    private synchronized int room() {
        return CAPACITY - (end - start);
    }

    private synchronized void append(int count) {
        if (CAPACITY - end < count) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        System.arraycopy(incoming, 0, buffer, end, count);
        end += count;
    }

    private void lock(int timeout) throws IOException {
        try {
            if (!reading.tryLock() && !reading.tryLock(timeout, MILLISECONDS)) {
                throw new SocketTimeoutException("the client sends nothing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Reads what there is room for; answers whether there may be more. */
    private boolean fill(int timeout) throws IOException {
        if (ended) {
            return false;
        }
        socket.setSoTimeout(timeout);
        int count = in.read(incoming, 0, room());
        ended = count < 0;
        append(Math.max(count, 0));
        return !ended;
    }

    /** From now on runs {@code action}, once, when the client closes its side or its connection. */
    void watch(Runnable action) {
        synchronized (this) {
            gone = action;
            if (!ended && !watching) {
                watching = true;
                Thread.ofVirtual().name("client-watch").start(this::readAhead);
            }
        }
        if (ended) {
            left();
        }
    }

    /** Ends the watch; the thread may go on reading what belongs to the next request. */
    void unwatch() {
        gone = null;
    }

    private void readAhead() {
        reading.lock();
        try {
            while (goesOn()) {
                fill(0);
            }
        } catch (IOException e) {
            ended = true; // whoever reads next sees the end as well
        } finally {
            reading.unlock();
        }
        if (ended) {
            left();
        }
    }

    private synchronized boolean goesOn() {
        watching = !ended && gone != null && room() > 0;
        return watching;
    }

    private synchronized void left() {
        var action = gone;
        gone = null;
        if (action != null) {
            action.run();
        }
    }
}
