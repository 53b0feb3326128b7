// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of a worker: last in, first out, as many and as long as nginx keeps them.
 * Thread-safe.
 */
final class ConnectionPool implements AutoCloseable {
    private static final int MAX_IDLE = 256;
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

    private record Idle(KongConnection connection, long since) {}

    private final Path socket;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private boolean closed;

    ConnectionPool(Path socket, Duration timeout, ScheduledExecutorService timer) {
        this.socket = socket;
        this.timeout = timeout;
        this.timer = timer;
    }

    KongConnection take() throws PluginServerFailure {
        for (var pooled = pollIdle(); pooled != null; pooled = pollIdle()) {
            boolean fresh = System.nanoTime() - pooled.since() < IDLE_TIMEOUT.toNanos();
            if (fresh && pooled.connection().isReusable()) {
                return pooled.connection();
            }
            pooled.connection().close();
        }
        return KongConnection.open(socket, timeout, timer);
    }

    void giveBack(KongConnection connection) {
        if (!connection.isReusable() || !offerIdle(connection)) {
            connection.close();
        }
    }

    private synchronized @Nullable Idle pollIdle() {
        return idle.pollFirst();
    }

    private synchronized boolean offerIdle(KongConnection connection) {
        if (closed || idle.size() >= MAX_IDLE) {
            return false;
        }
        idle.addFirst(new Idle(connection, System.nanoTime()));
        return true;
    }

    synchronized void closeIdle() {
        idle.forEach(pooled -> pooled.connection().close());
        idle.clear();
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeIdle();
    }
}
