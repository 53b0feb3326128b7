// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks for Kong's next bytes for a moment before a thread sleeps: to be woken costs several times
 * what Kong takes to answer, and the events of a request follow each other closely. At most one
 * thread of a server does so at a time, only while nobody else has work, and less and less often
 * where it does not pay, so that a busy machine loses nothing by it. Thread-safe.
 */
final class Attention {
    private static final long MOMENT_NANOS = 50_000;

    private final boolean spare = Runtime.getRuntime().availableProcessors() > 1;
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicBoolean taken = new AtomicBoolean();
    private final Luck answers = new Luck();
    private final Luck next = new Luck();

    /** How often it was in vain; only for the thread that has taken the attention. */
    private static final class Luck {
        private static final int MOST_PASSED_OVER = 256;
        private int passOver;
        private int passed;

        boolean isDue() {
            return passed++ >= passOver;
        }

        void tell(boolean good) {
            passed = 0;
            passOver = good ? 0 : Math.min(2 * passOver + 1, MOST_PASSED_OVER);
        }
    }

    /** A command is carried out. */
    void begin() {
        commands.incrementAndGet();
    }

    void end() {
        commands.decrementAndGet();
    }

    /** Like {@link SocketChannel#read(ByteBuffer)} on a channel that blocks, within a command. */
    int readAnswer(SocketChannel channel, ByteBuffer buffer) throws IOException {
        return read(channel, buffer, 1, answers);
    }

    /** Like {@link SocketChannel#read(ByteBuffer)} on a channel that blocks, between commands. */
    int readCommand(SocketChannel channel, ByteBuffer buffer) throws IOException {
        return read(channel, buffer, 0, next);
    }

    private int read(SocketChannel channel, ByteBuffer buffer, int own, Luck luck)
            throws IOException {
        if (spare && commands.get() <= own && taken.compareAndSet(false, true)) {
            try {
                if (luck.isDue()) {
                    int count = look(channel, buffer, own);
                    luck.tell(count != 0);
                    if (count != 0) {
                        return count;
                    }
                }
            } finally {
                taken.set(false);
            }
        }
        return channel.read(buffer);
    }

    private int look(SocketChannel channel, ByteBuffer buffer, int own) throws IOException {
        long start = System.nanoTime();
        channel.configureBlocking(false);
        try {
            int count;
            do {
                count = channel.read(buffer);
            } while (count == 0
                    && commands.get() <= own
                    && System.nanoTime() - start < MOMENT_NANOS);
            return count;
        } finally {
            if (channel.isOpen()) {
                channel.configureBlocking(true);
            }
        }
    }
}
