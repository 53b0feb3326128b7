// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the user of {@code make run} sees: lines of progress with the seconds since the start.
 * Thread-safe.
 */
public final class Terminal {
    private static final long TICK_SECONDS = 10;

    private final PrintStream out;
    private final long start = System.nanoTime();

    public Terminal(PrintStream out) {
        this.out = out;
    }

    /** One line of progress. */
    public void say(String text) {
        print(String.format(Locale.ROOT, "[%5.1f s] %s", elapsed().toMillis() / 1000.0, text));
    }

    /** Text as it is, such as the table of addresses. */
    public synchronized void print(String text) {
        out.println(text);
        out.flush();
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Says that something is going on, and again now and then until it is closed. */
    public Ongoing during(String what) {
        say(what + " ...");
        return new Ongoing(what);
    }

    /** Something that takes a while. */
    public final class Ongoing implements AutoCloseable {
        private final CountDownLatch done = new CountDownLatch(1);

        private Ongoing(String what) {
            Thread.ofVirtual().name("progress").start(() -> tick(what));
        }

        private void tick(String what) {
            try {
                while (!done.await(TICK_SECONDS, TimeUnit.SECONDS)) {
                    say(what + " (still at it)");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            done.countDown();
        }
    }
}
