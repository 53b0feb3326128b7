// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Plays one Kong worker: one thread and an event loop over all its connections, as in nginx. Closed
 * loop: a connection starts its next event when the last is over. Nothing is computed, the answers
 * are ready made, so that the peer is the one that is measured.
 */
final class Driver implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final Selector selector;
    private final List<Line> lines = new ArrayList<>();

    /** One connection. */
    private static final class Line implements Conversation.Out {
        private final SocketChannel channel;
        private final Conversation conversation;
        private final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
        private long started;

        Line(SocketChannel channel, Conversation conversation) {
            this.channel = channel;
            this.conversation = conversation;
        }

        @Override
        public void send(ByteBuffer message) throws IOException {
            channel.write(message);
            if (message.hasRemaining()) {
                throw new IOException("the peer does not read");
            }
        }

        void startEvent() throws IOException {
            started = System.nanoTime();
            conversation.startEvent(this);
        }

        /**
         * @return whether the command is over
         */
        boolean advance() throws IOException {
            if (channel.read(in) < 0) {
                throw new EOFException("the peer has closed the connection");
            }
            in.flip();
            boolean over = conversation.advance(in, this);
            if (over && in.hasRemaining()) {
                throw new IOException("the peer has sent more than the end of the event");
            }
            in.compact();
            return over;
        }
    }

    private Driver(Selector selector) {
        this.selector = selector;
    }

    /** Connects, and starts the instance once per connection. */
    static Driver connect(Path socket, int connections, Supplier<Conversation> conversations)
            throws IOException {
        var driver = new Driver(Selector.open());
        try {
            for (int i = 0; i < connections; i++) {
                driver.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)), conversations);
            }
            driver.startInstances();
            return driver;
        } catch (IOException | RuntimeException e) {
            driver.close();
            throw e;
        }
    }

    private void add(SocketChannel channel, Supplier<Conversation> conversations)
            throws IOException {
        var line = new Line(channel, conversations.get());
        lines.add(line);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, line);
    }

    private void startInstances() throws IOException {
        for (var line : lines) {
            line.conversation.startInstance(line);
        }
        int running = lines.size();
        while (running > 0) {
            select();
            for (var key : selector.selectedKeys()) {
                if (((Line) key.attachment()).advance()) {
                    running--;
                }
            }
            selector.selectedKeys().clear();
        }
    }

    /** Runs events on all connections for that long, and lets the last ones end. */
    Latencies run(Duration time) throws IOException {
        var latencies = new Latencies();
        long end = System.nanoTime() + time.toNanos();
        for (var line : lines) {
            line.startEvent();
        }
        int running = lines.size();
        while (running > 0) {
            select();
            for (var key : selector.selectedKeys()) {
                var line = (Line) key.attachment();
                if (line.advance()) {
                    long now = System.nanoTime();
                    latencies.add(now - line.started);
                    if (now < end) {
                        line.startEvent();
                    } else {
                        running--;
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        return latencies;
    }

    private void select() throws IOException {
        if (selector.select(SILENCE.toMillis()) == 0) {
            throw new IOException("the peer has said nothing for " + SILENCE.toSeconds() + " s");
        }
    }

    @Override
    public void close() throws IOException {
        for (var line : lines) {
            line.channel.close();
        }
        selector.close();
    }
}
