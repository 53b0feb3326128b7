// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLSocketFactory;

/** Idle connections to services, the latest used first. Thread-safe. */
final class UpstreamPool implements AutoCloseable {
    private static final int MAX_IDLE = 512;
    private static final long MAX_IDLE_NANOS = SECONDS.toNanos(60);

    private final Map<UpstreamConnection.Place, ArrayDeque<UpstreamConnection>> idle =
            new HashMap<>();
    private final SSLSocketFactory tls;
    private final ScheduledExecutorService timer;
    private int size;
    private boolean closed;

    UpstreamPool(SSLSocketFactory tls, ScheduledExecutorService timer) {
        this.tls = tls;
        this.timer = timer;
        var _ = timer.scheduleWithFixedDelay(this::dropOld, 10, 10, SECONDS);
    }

    UpstreamConnection take(UpstreamConnection.Place place, int connectTimeout) throws IOException {
        for (var found = poll(place); found.isPresent(); found = poll(place)) {
            if (!found.get().stale()) {
                return found.get();
            }
            found.get().close();
        }
        return UpstreamConnection.connect(place, connectTimeout, tls, timer);
    }

    private synchronized Optional<UpstreamConnection> poll(UpstreamConnection.Place place) {
        var connections = idle.get(place);
        var found = connections == null ? null : connections.pollLast();
        if (found != null) {
            size--;
        }
        return Optional.ofNullable(found);
    }

    void giveBack(UpstreamConnection connection) {
        connection.becomesIdle(System.nanoTime());
        synchronized (this) {
            if (!closed && size < MAX_IDLE) {
                idle.computeIfAbsent(connection.place(), _ -> new ArrayDeque<>())
                        .addLast(connection);
                size++;
                return;
            }
        }
        connection.close();
    }

    private synchronized void dropOld() {
        long now = System.nanoTime();
        for (var connections : idle.values()) {
            while (!connections.isEmpty() && connections.peekFirst().idleFor(MAX_IDLE_NANOS, now)) {
                connections.removeFirst().close();
                size--;
            }
        }
        idle.values().removeIf(ArrayDeque::isEmpty);
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.values().forEach(connections -> connections.forEach(UpstreamConnection::close));
        idle.clear();
        size = 0;
    }
}
