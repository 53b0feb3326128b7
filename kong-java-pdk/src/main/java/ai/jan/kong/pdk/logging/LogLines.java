// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.logging;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lines on their way to a file or to standard error, written by one thread, because whoever reads
 * them may be slow and an event must not wait for that. Each line is out when it is written: Kong
 * ends plugin servers without warning. Thread-safe.
 */
final class LogLines {
    private static final int MAX_WAITING = 10_000;

    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final PrintStream out;

    private LogLines(PrintStream out) {
        this.out = out;
        Thread.ofPlatform().daemon().name("log-lines").start(this::write);
    }

    /**
     * @param file is appended to; standard error if there is none
     * @throws UncheckedIOException if it cannot be opened
     */
    static LogLines to(Optional<Path> file) {
        return new LogLines(file.map(LogLines::open).orElse(System.err));
    }

    private static PrintStream open(Path file) {
        try {
            return new PrintStream(
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    true,
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(String line) {
        if (!waiting.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    private void write() {
        try {
            while (true) {
                out.println(waiting.take());
                long lost = dropped.getAndSet(0);
                if (lost > 0) {
                    out.println(lost + " lines were dropped");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
