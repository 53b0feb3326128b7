// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.kong.testkit.Deadline;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Gathers what belongs together until it is flushed, and writes to a socket that is closed if a
 * write makes no progress for too long: Java's sockets have no time-out for writes. A write blocks
 * while the peer does not read, which is the back-pressure.
 */
final class GuardedOutput extends OutputStream {
    private static final int PIECE = 64 * 1024;
    private static final int CAPACITY = 20 * 1024; // a head and a piece of a body

    private final OutputStream out;
    private final Deadline deadline;
    private final byte[] gathered = new byte[CAPACITY];
    private int count;
    private int timeout;

    /**
     * @param deadline of this output alone; closes the socket
     */
    GuardedOutput(OutputStream out, Deadline deadline, int timeout) {
        this.out = out;
        this.deadline = deadline;
        this.timeout = timeout;
    }

    void timeout(int millis) {
        timeout = millis;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        if (length > CAPACITY - count) {
            send();
        }
        if (length > CAPACITY) {
            send(data, offset, length);
        } else {
            System.arraycopy(data, offset, gathered, count, length);
            count += length;
        }
    }

    private void send() throws IOException {
        int length = count;
        count = 0; // also if it fails: nothing is sent twice
        send(gathered, 0, length);
    }

    private void send(byte[] data, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += PIECE) {
            deadline.begin(timeout);
            try {
                out.write(data, offset + done, Math.min(PIECE, length - done));
            } finally {
                deadline.end();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        send();
        out.flush();
    }

    @Override
    public void close() {
        deadline.close();
    }
}
