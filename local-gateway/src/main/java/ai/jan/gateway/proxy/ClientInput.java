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
 * kept for the next request. The lock is held by whoever is reading from the socket.
 */
final class ClientInput {
    private static final int CAPACITY = 16 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final ReentrantLock reading = new ReentrantLock();
    private final byte[] buffer = new byte[CAPACITY];
    private int start;
    private int end;
    private volatile boolean ended;
    private volatile boolean watching;
    private volatile @Nullable Runnable gone;

    ClientInput(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** The next byte, or -1 at the end. */
    int read(int timeout) throws IOException {
        lock(timeout);
        try {
            return start < end || fill(timeout) ? buffer[start++] & 0xff : -1;
        } finally {
            reading.unlock();
        }
    }

    /** Some bytes, at least one; or -1 at the end. */
    int read(byte[] target, int offset, int length, int timeout) throws IOException {
        lock(timeout);
        try {
            if (start == end && !fill(timeout)) {
                return -1;
            }
            int count = Math.min(length, end - start);
            System.arraycopy(buffer, start, target, offset, count);
            start += count;
            return count;
        } finally {
            reading.unlock();
        }
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

    private boolean fill(int timeout) throws IOException {
        if (ended) {
            return false;
        }
        if (start == end) {
            start = 0;
            end = 0;
        }
        socket.setSoTimeout(timeout);
        int count = in.read(buffer, end, CAPACITY - end);
        ended = count < 0;
        end += Math.max(count, 0);
        return count > 0;
    }

    /** From now on runs {@code action}, once, when the client closes its side or its connection. */
    void watch(Runnable action) {
        gone = action;
        if (ended) {
            left();
        } else if (!watching) {
            watching = true;
            Thread.ofVirtual().name("client-watch").start(this::readAhead);
        }
    }

    /** Ends the watch; the thread may go on reading what belongs to the next request. */
    void unwatch() {
        gone = null;
    }

    private void readAhead() {
        reading.lock();
        try {
            while (gone != null && end < CAPACITY && fill(0)) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            ended = true; // whoever reads next sees the end as well
        } finally {
            watching = false;
            reading.unlock();
        }
        if (ended) {
            left();
        }
    }

    private void left() {
        var action = gone;
        gone = null;
        if (action != null) {
            action.run();
        }
    }
}
