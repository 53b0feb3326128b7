// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.loop.EventLoop;
import ai.jan.bench.platform.Target;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, on which one request after the other is made; opened again when the
 * other side has closed it. As little as will do, so that what is measured is not the client. For
 * the thread of its loop.
 */
final class Connection implements EventLoop.Ready, AutoCloseable {
    private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    private final Clients clients;
    private final Target target;
    private final Request request;
    private final byte[] body;
    private final Seen seen;
    private final Pace pace;
    private final Consumer<Connection> whenOver;
    private final Tokens tokens;
    private final Mark mark;
    private final Reply reply = new Reply(this::come);
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private @Nullable ByteBuffer unsent;
    private boolean isAsking;
    private boolean isPausing;
    private long due;
    private long heard;

    /**
     * @param body of the request
     * @param whenOver told when an answer is over, in whatever way
     */
    Connection(
            Clients clients,
            Target target,
            Request request,
            byte[] body,
            Seen seen,
            Pace pace,
            Consumer<Connection> whenOver) {
        this.clients = clients;
        this.target = target;
        this.request = request;
        this.body = body;
        this.seen = seen;
        this.pace = pace;
        this.whenOver = whenOver;
        this.tokens = new Tokens(seen);
        this.mark = new Mark(request.mark());
    }

    /**
     * Asks.
     *
     * @param moment when it was to be asked, by {@link System#nanoTime}
     */
    void ask(long moment) {
        due = moment;
        heard = System.nanoTime();
        isAsking = true;
        tokens.begin(moment);
        mark.reset();
        reply.begin();
        unsent = ByteBuffer.wrap(request.bytes(target, body));
        try {
            if (channel == null) {
                open();
            } else {
                flush();
            }
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    boolean isAsking() {
        return isAsking;
    }

    /** Whether a token of the answer has come. */
    boolean hasToken() {
        return tokens.haveCome();
    }

    /** Gives up an answer that has been silent for too long. */
    void checkSilence(long now) {
        if (isAsking && pace.equals(Pace.FULL) && now - heard > PATIENCE_NANOS) {
            fail("silent");
        }
    }

    private void open() throws IOException {
        var opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (!pace.equals(Pace.FULL)) {
            opened.setOption(StandardSocketOptions.SO_RCVBUF, Pace.RECEIVE_BUFFER);
        }
        boolean isOpen =
                opened.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), target.url().getPort()));
        key = clients.loop().register(opened, SelectionKey.OP_CONNECT, this);
        if (isOpen) {
            flush();
        }
    }

    @Override
    public void ready() {
        try {
            if (key != null && key.isValid() && key.isConnectable() && channel != null) {
                channel.finishConnect();
                flush();
            }
            if (key != null && key.isValid() && key.isWritable()) {
                flush();
            }
            if (key != null && key.isValid() && key.isReadable()) {
                read();
            }
        } catch (IOException | IllegalArgumentException e) {
            if (isAsking) {
                fail(String.valueOf(e.getMessage()));
            } else {
                close();
            }
        }
    }

    private void flush() throws IOException {
        if (unsent != null && channel != null) {
            channel.write(unsent);
            if (!unsent.hasRemaining()) {
                unsent = null;
            }
        }
        interest();
    }

    private void interest() {
        if (key != null && key.isValid()) {
            int reading = isPausing || pace.equals(Pace.NONE) ? 0 : SelectionKey.OP_READ;
            key.interestOps(unsent == null ? reading : reading | SelectionKey.OP_WRITE);
        }
    }

    private void read() throws IOException {
        var buffer = clients.buffer();
        buffer.clear();
        buffer.limit(Math.min(buffer.capacity(), pace.bytes()));
        int count = channel == null ? -1 : channel.read(buffer);
        heard = System.nanoTime();
        if (count < 0) {
            ended();
            return;
        }
        if (!isAsking && count > 0) {
            throw new IOException("an answer without a request");
        }
        reply.come(buffer.array(), buffer.arrayOffset(), buffer.arrayOffset() + count);
        if (reply.isOver()) {
            finish();
        } else if (!pace.equals(Pace.FULL)) {
            isPausing = true;
            interest();
            clients.loop().at(heard + Pace.PAUSE_NANOS, this::goOn);
        }
    }

    private void goOn() {
        isPausing = false;
        interest();
    }

    private void come(byte[] bytes, int from, int to) {
        tokens.come(bytes, from, to, heard);
        mark.come(bytes, from, to);
    }

    private void ended() throws IOException {
        if (!isAsking) {
            close(); // it has been idle for too long for the other side
        } else if (reply.closed()) {
            finish();
        } else {
            throw new EOFException("closed inside an answer");
        }
    }

    private void finish() {
        isAsking = false;
        if (reply.isLast()) {
            close();
        }
        if (reply.status() >= 400) {
            seen.refused(reply.status(), heard - due);
        } else if (mark.isFound()) {
            seen.answered(heard - due);
        } else {
            seen.failed("cut short");
        }
        whenOver.accept(this);
    }

    private void fail(String why) {
        close();
        seen.failed(why);
        clients.loop().at(System.nanoTime() + AFTER_FAILURE_NANOS, () -> whenOver.accept(this));
    }

    /** Leaves, in the middle of an answer too. */
    @Override
    public void close() {
        isAsking = false;
        unsent = null;
        key = null;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            System.err.println("a connection was closed badly: " + e);
        }
        channel = null;
    }
}
