// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of what is done on a connection, one thing after the other. To begin and to end
 * something costs next to nothing, because the timer is not told: an alarm set and cancelled for
 * each would wake the timer's thread for each. One alarm stays set; when it rings, it looks at what
 * is done by then, and is set again for the rest of that one's time.
 *
 * <p>{@link #begin} and {@link #end} are for one thread at a time, the rest for any.
 */
public final class Deadline implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long START = System.nanoTime();

    private final ScheduledExecutorService timer;
    private final Runnable action;
    private volatile long due = NEVER;
    private volatile long rings = NEVER;
    private volatile boolean passed;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean closed;

    /**
     * @param action what to do, once and on the timer's thread, when something takes too long: end
     *     the connection, without waiting for anything
     */
    public Deadline(ScheduledExecutorService timer, Runnable action) {
        this.timer = timer;
        this.action = action;
    }

    /** Something begins that may take that long. */
    public void begin(long millis) {
        long at = now() + MILLISECONDS.toNanos(millis);
        due = at;
        if (at < rings) {
            set(at);
        }
    }

    /** It has ended. */
    public void end() {
        due = NEVER;
    }

    /** Whether something took too long, so that the connection was ended. */
    public boolean passed() {
        return passed;
    }

    private static long now() {
        return System.nanoTime() - START;
    }

    private synchronized void set(long at) {
        if (at < rings && !closed) {
            if (alarm != null) {
                alarm.cancel(false);
            }
            rings = at;
            alarm = timer.schedule(this::ring, at - now(), NANOSECONDS);
        }
    }

    private void ring() {
        synchronized (this) {
            rings = NEVER; // what begins from here on sets an alarm of its own
            long at = due;
            if (closed || at > now()) {
                set(at);
                return;
            }
            passed = true;
            closed = true;
        }
        action.run();
    }

    /** Forgets the alarm: the connection is closed. */
    @Override
    public synchronized void close() {
        closed = true;
        if (alarm != null) {
            alarm.cancel(false);
        }
    }
}
