// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.loop.EventLoop;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Clients of one thread, the one that runs them: ten thousand are as light as one. Several loads
 * may go on side by side. What they do not do is told in {@code docs/benchmarks}: no TLS, no
 * HTTP/2, and JSON is not parsed; tokens and the end of an answer are found in its bytes.
 */
public final class Clients implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

    private final EventLoop loop;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final List<Group> groups = new ArrayList<>();

    public Clients() {
        try {
            loop = new EventLoop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sweep();
    }

    /**
     * Has a load begin.
     *
     * @param duration for how long requests are due; what is under way then is waited for
     * @return what its clients see, to be read when they have been run
     */
    public Seen begin(Load load, Target target, Request request, Duration duration) {
        var group = new Group(this, load, target, request, duration);
        groups.add(group);
        group.begin();
        return group.seen();
    }

    /** Has something short done on their thread while they run. */
    public void after(Duration time, Runnable task) {
        loop.at(System.nanoTime() + time.toNanos(), task);
    }

    /**
     * Runs them until all loads are over.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void run() throws InterruptedException {
        runUntil(() -> {
            groups.removeIf(Group::isOver);
            return groups.isEmpty();
        });
    }

    /** Runs them until a condition holds. */
    public void runUntil(BooleanSupplier done) throws InterruptedException {
        loop.runUntil(done);
    }

    EventLoop loop() {
        return loop;
    }

    /** What is read goes through it. */
    ByteBuffer buffer() {
        return buffer;
    }

    private void sweep() {
        long now = System.nanoTime();
        groups.forEach(group -> group.checkSilence(now));
        loop.at(now + SWEEP_NANOS, this::sweep);
    }

    /** Closes all connections. */
    @Override
    public void close() {
        try {
            loop.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
