// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.lifecycle;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that a process does again and again beside its requests, on a thread of its own, until
 * it is closed. What it throws does not end it: it is told once per outage, and the pause grows
 * while it lasts. Thread-safe.
 */
public final class Recurring implements AutoCloseable {
    /** What is done; interrupted when it has to end. */
    @FunctionalInterface
    public interface Task {
        /**
         * @throws Exception if it cannot be done now
         */
        void run() throws Exception;

        /** What is left to do when it ends: once, after the last time. */
        default void end() throws Exception {}
    }

    /**
     * When it is done.
     *
     * @param first from the start to the first time
     * @param pause from the end of one time to the next
     * @param stopLimit how long closing waits for the time that is under way
     */
    public record Rhythm(Duration first, Duration pause, Duration stopLimit) {
        private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

        /** After each pause, also the first time. */
        public static Rhythm every(Duration pause) {
            return new Rhythm(pause, pause, STOP_LIMIT);
        }

        public Rhythm startingAfter(Duration delay) {
            return new Rhythm(delay, pause, stopLimit);
        }

        public Rhythm stoppingWithin(Duration limit) {
            return new Rhythm(first, pause, limit);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(Recurring.class);
    private static final Duration LONGEST_OUTAGE_PAUSE = Duration.ofSeconds(5);

    private final Rhythm rhythm;
    private final String outage;
    private final Task task;
    private final Thread thread;
    private volatile boolean closed;

    private Recurring(String name, Rhythm rhythm, String outage, Task task) {
        this.rhythm = rhythm;
        this.outage = outage;
        this.task = task;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /**
     * @param name of the thread
     * @param outage what the log says when the task throws, such as "expired guests are not
     *     removed"
     */
    public static Recurring start(String name, Rhythm rhythm, String outage, Task task) {
        var recurring = new Recurring(name, rhythm, outage, task);
        recurring.thread.start();
        return recurring;
    }

    private void run() {
        var pause = rhythm.first();
        boolean failing = false;
        while (!closed) {
            try {
                Thread.sleep(pause);
                task.run();
                if (failing) {
                    log.info("over: {}", outage);
                }
                failing = false;
                pause = rhythm.pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // only close() interrupts
                return;
            } catch (Exception e) {
                if (!failing && !closed) {
                    log.warn("{}: {}", outage, e.toString());
                    log.debug("{}", outage, e);
                }
                pause = failing ? longer(pause) : rhythm.pause();
                failing = true;
            }
        }
    }

    private Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        var longest =
                rhythm.pause().compareTo(LONGEST_OUTAGE_PAUSE) > 0
                        ? rhythm.pause()
                        : LONGEST_OUTAGE_PAUSE;
        return twice.compareTo(longest) < 0 ? twice : longest;
    }

    /** Interrupts the task, waits a while for its end, and has done what is left. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (!thread.join(rhythm.stopLimit())) {
                log.warn("{} did not stop in time", thread.getName());
            }
            task.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.warn("{} did not end well: {}", thread.getName(), e.toString());
        }
    }
}
