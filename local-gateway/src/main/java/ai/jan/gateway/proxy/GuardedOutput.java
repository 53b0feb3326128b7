// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Writes to a socket that is closed if a write makes no progress for too long: Java's sockets have
 * no time-out for writes. A write blocks while the peer does not read, which is the back-pressure.
 */
final class GuardedOutput extends OutputStream {
    private static final int PIECE = 64 * 1024;

    private final Socket socket;
    private final OutputStream out;
    private final ScheduledExecutorService timer;
    private int timeout;

    GuardedOutput(Socket socket, ScheduledExecutorService timer, int timeout) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.timer = timer;
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
        for (int done = 0; done < length; done += PIECE) {
            var stop = timer.schedule(this::abort, timeout, MILLISECONDS);
            try {
                out.write(data, offset + done, Math.min(PIECE, length - done));
            } finally {
                stop.cancel(false);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    private void abort() {
        Sockets.close(socket);
    }
}
