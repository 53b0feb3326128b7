// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that clients close their connection while nobody reads it, because their request is being
 * answered: a second selector beside the server's own waits for something to read, and when there
 * is something but no byte, it is the end. Reads nothing itself. Thread-safe.
 *
 * <p>While requests come one after the other it looks at its connections every few milliseconds,
 * else each request would wake its thread two or three times; when none comes it waits for those
 * who leave.
 *
 * <p>A connection keeps one key here for its life, without interest between requests, because a
 * cancelled key would stand in the way of the next request until the selector has run.
 */
final class ClientWatch {
    private static final Logger log = LoggerFactory.getLogger(ClientWatch.class);
    // A closed connection's descriptor is freed by the next run of each selector that knew it.
    private static final long SWEEP_MILLIS = 250;
    private static final Duration GLANCE_EVERY = Duration.ofMillis(5);

    /** What is watched on a connection now, and since which run of the selector. */
    private record Watched(Presence presence, long since) {}

    private final Selector selector;
    private final AtomicLong run = new AtomicLong();
    private volatile boolean hasNews;
    private volatile boolean waiting;
    private volatile boolean stopped;

    ClientWatch() throws IOException {
        selector = Selector.open();
        Thread.ofPlatform().daemon().name("client-watch").start(this::watch);
    }

    /**
     * Tells the presence when the client closes its connection. The request must have been read to
     * its end.
     */
    void begin(SocketChannel channel, Presence presence) {
        try {
            var known = channel.keyFor(selector);
            var key = known != null ? known : channel.register(selector, 0);
            synchronized (key) {
                key.attach(new Watched(presence, run.get()));
                key.interestOps(SelectionKey.OP_READ);
            }
            hasNews = true;
            if (waiting) {
                selector.wakeup();
            }
        } catch (ClosedChannelException | CancelledKeyException e) {
            presence.leave();
        }
    }

    /** The server will read from the connection again. */
    void end(SocketChannel channel) {
        var key = channel.keyFor(selector);
        if (key != null) {
            synchronized (key) {
                key.attach(null);
                withoutInterest(key);
            }
        }
    }

    /** Ends the thread; does not wait for it. */
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    private void watch() {
        try (selector) {
            while (!stopped) {
                if (hasNews) {
                    hasNews = false;
                    LockSupport.parkNanos(GLANCE_EVERY.toNanos());
                    run.incrementAndGet();
                    selector.selectNow(this::look);
                } else {
                    waiting = true;
                    if (!hasNews) { // what comes from here on wakes the selector
                        run.incrementAndGet();
                        selector.select(this::look, SWEEP_MILLIS);
                    }
                    waiting = false;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("clients can no longer be watched", e);
        }
    }

    private void look(SelectionKey key) {
        @Nullable Presence gone = null;
        synchronized (key) {
            // What was found before the request was read to its end says nothing about it.
            if (!(key.attachment() instanceof Watched watched) || watched.since >= run.get()) {
                return;
            }
            withoutInterest(key);
            if (isAtEnd((SocketChannel) key.channel())) {
                key.attach(null);
                gone = watched.presence;
            }
        }
        if (gone != null) {
            gone.leave();
        }
    }

    /** There is something to be read: the end, or the next request, behind which no end is seen. */
    private static boolean isAtEnd(SocketChannel channel) {
        try {
            return channel.socket().getInputStream().available() == 0;
        } catch (IOException e) {
            log.debug("a connection broke", e);
            return true;
        }
    }

    private static void withoutInterest(SelectionKey key) {
        if (key.isValid()) {
            try {
                key.interestOps(0);
            } catch (CancelledKeyException e) {
                log.debug("a connection was closed meanwhile", e);
            }
        }
    }
}
