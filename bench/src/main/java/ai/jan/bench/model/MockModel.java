// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.model;

import ai.jan.bench.loop.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A server that speaks like vLLM and does what the {@link Script} in each prompt says. A token's
 * text is the moment it was sent, by {@link System#nanoTime}, which all processes of a machine
 * share on Linux. One thread, so that it takes little from what is measured.
 */
public final class MockModel implements AutoCloseable {
    public static final String NAME = "mock-model";
    private static final int BACKLOG = 16_384;

    private final EventLoop loop;
    private final ServerSocketChannel listener;
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final Map<String, Long> reached = new ConcurrentHashMap<>();
    private final Map<String, Long> abandoned = new ConcurrentHashMap<>();
    private final Map<String, Long> stuck = new ConcurrentHashMap<>();
    private final LongAdder asked = new LongAdder();
    private final LongAdder askedBytes = new LongAdder();

    private MockModel(EventLoop loop, ServerSocketChannel listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /**
     * Starts on 127.0.0.1.
     *
     * @param port 0 for a free one
     */
    public static MockModel start(int port) throws IOException {
        var loop = new EventLoop();
        var listener = ServerSocketChannel.open();
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        listener.configureBlocking(false);
        var model = new MockModel(loop, listener);
        loop.register(listener, SelectionKey.OP_ACCEPT, model::accept);
        loop.start("mock-model");
        return model;
    }

    /** Without a path. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.socket().getLocalPort());
    }

    /** How many requests are being answered. */
    public int running() {
        return running.get();
    }

    /** How many were answered to their end. */
    public long answered() {
        return answered.sum();
    }

    /** How many requests for an answer came. */
    public long asked() {
        return asked.sum();
    }

    /** How many bytes the bodies of those had. */
    public long askedBytes() {
        return askedBytes.sum();
    }

    /** When the request of this name came, if it has. */
    public OptionalLong reached(String name) {
        return moment(reached, name);
    }

    /** When its connection was seen to be closed before its end, if it was. */
    public OptionalLong abandoned(String name) {
        return moment(abandoned, name);
    }

    /** Since when nobody takes the rest of its answer, if that is so or was so until its end. */
    public OptionalLong stuck(String name) {
        return moment(stuck, name);
    }

    /** Forgets what was told of requests by their names, none of which may be under way. */
    public void forget() {
        reached.clear();
        abandoned.clear();
        stuck.clear();
    }

    private static OptionalLong moment(Map<String, Long> moments, String name) {
        var moment = moments.get(name);
        return moment == null ? OptionalLong.empty() : OptionalLong.of(moment);
    }

    void begins(Script script, int bytes) {
        running.incrementAndGet();
        asked.increment();
        askedBytes.add(bytes);
        if (!script.name().isEmpty()) {
            reached.put(script.name(), System.nanoTime());
        }
    }

    void ends() {
        running.decrementAndGet();
        answered.increment();
    }

    void isStuck(Script script, boolean is) {
        if (script.name().isEmpty()) {
            return;
        }
        if (is) {
            stuck.put(script.name(), System.nanoTime());
        } else {
            stuck.remove(script.name());
        }
    }

    void isLeft(Script script) {
        running.decrementAndGet();
        if (!script.name().isEmpty()) {
            abandoned.put(script.name(), System.nanoTime());
        }
    }

    private void accept() {
        try {
            for (var client = listener.accept(); client != null; client = listener.accept()) {
                client.configureBlocking(false);
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                var connection = new ModelConnection(this, loop, client);
                connection.register();
            }
        } catch (IOException e) {
            System.err.println("the model cannot accept a connection: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        loop.close();
        listener.close();
    }
}
