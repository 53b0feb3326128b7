// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.WireTypes;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames of one event. Calls are queued and sent together, and Kong answers them in order. At
 * most {@value #WINDOW} answers are outstanding, because two sockets full of what the other side
 * does not read would stop both. Once a method has thrown, nothing more can be said.
 *
 * <p>A plugin may leave its thread interrupted; that must not close the connection, because Kong
 * would take it for a lost instance and run the event again. For one thread at a time.
 */
final class Pipeline {
    static final int WINDOW = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    private static final byte[] NOTHING = {};

    private final SocketChannel channel;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final Deque<PendingAnswer<?, ?>> unanswered = new ArrayDeque<>();
    private int calls;
    private int roundTrips;
    private final AtomicLong waitedNanos = new AtomicLong();

    Pipeline(SocketChannel channel, FrameReader reader, FrameWriter writer) {
        this.channel = channel;
        this.reader = reader;
        this.writer = writer;
    }

    int calls() {
        return calls;
    }

    int roundTrips() {
        return roundTrips;
    }

    /** How long the plugin has waited for Kong; from any thread. */
    long waitedNanos() {
        return waitedNanos.get();
    }

    /** Queues a call; sends what is queued if that is as much as may be outstanding. */
    void add(PendingAnswer<?, ?> call, byte[] argument) {
        writer.addCall(call.method().name(), argument);
        calls++;
        unanswered.add(call);
        if (unanswered.size() >= WINDOW) {
            exchange();
        }
    }

    /** Sends what is queued and reads all answers. */
    void exchange() {
        if (!unanswered.isEmpty()) {
            roundTrips++;
            readAnswers();
        }
    }

    /** Sends a call that has no answer, after all others have theirs. */
    void last(String method, byte[] argument) {
        exchange(); // in one write with setters it would give the client a 500
        writer.addCall(method, argument);
        calls++;
        uninterrupted(method, () -> writer.flush(channel));
    }

    /** Sends what is queued and the end of the event in one write, then reads the answers. */
    void end(long sequence) {
        writer.add(NOTHING).add(WireTypes.RPC_RETURN.encode(RpcReturn.of(sequence)));
        readAnswers();
    }

    /** Closes the connection. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a connection was closed badly: {}", e.toString());
        }
    }

    private void readAnswers() {
        long start = System.nanoTime();
        try {
            uninterrupted(culprit(), () -> writer.flush(channel));
            while (!unanswered.isEmpty()) {
                uninterrupted(culprit(), () -> unanswered.getFirst().answer(reader.readOrSkip()));
                unanswered.removeFirst();
            }
        } finally {
            waitedNanos.addAndGet(System.nanoTime() - start);
        }
    }

    /** The first call without an answer is the one that Kong refused. */
    private String culprit() {
        return unanswered.isEmpty()
                ? "the end of the event"
                : unanswered.getFirst().method().name();
    }

    /** Input or output. */
    @FunctionalInterface
    private interface Transfer {
        void run() throws IOException;
    }

    private static void uninterrupted(String call, Transfer transfer) {
        boolean interrupted = Thread.interrupted();
        try {
            transfer.run();
        } catch (IOException e) {
            throw new PdkException("Kong did not carry out " + call, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
