// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.logging;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Hands on what libraries say by {@code java.util.logging}, such as that spans cannot be sent, so
 * that it comes out as all else does. Some of them say the same with each request: of one logger at
 * one level a line a minute is written, which says as {@code left_out} how many were not.
 * Thread-safe.
 */
public final class JavaLogging extends Handler {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    /** One logger at one level; a library has a fixed number of these. */
    private record Voice(String logger, Level level) {}

    /** When it was last heard, and how much was not since then. */
    private record Turn(long since, long leftOut) {}

    private final Map<Voice, Turn> turns = new ConcurrentHashMap<>();
    private final SimpleFormatter texts = new SimpleFormatter();
    private final LongSupplier clock;

    /**
     * @param clock in nanoseconds
     */
    JavaLogging(LongSupplier clock) {
        this.clock = clock;
    }

    /** Takes the place of all handlers. Called once by each process, before anything else. */
    public static void redirect() {
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(new JavaLogging(System::nanoTime));
    }

    @Override
    public void publish(LogRecord entry) {
        var logger = String.valueOf(entry.getLoggerName());
        long now = clock.getAsLong();
        var voice = new Voice(logger, entry.getLevel());
        var leftOut = new long[1];
        var turn =
                turns.compute(
                        voice,
                        (_, last) -> {
                            if (last != null && now - last.since < PAUSE) {
                                return new Turn(last.since, last.leftOut + 1);
                            }
                            leftOut[0] = last == null ? 0 : last.leftOut;
                            return new Turn(now, 0);
                        });
        if (turn.leftOut > 0) {
            return;
        }
        var event =
                LoggerFactory.getLogger(logger)
                        .atLevel(level(entry.getLevel()))
                        .setCause(entry.getThrown());
        if (leftOut[0] > 0) {
            event = event.addKeyValue("left_out", leftOut[0]);
        }
        event.log("{}", texts.formatMessage(entry));
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        // nothing is open
    }

    private static org.slf4j.event.Level level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return org.slf4j.event.Level.ERROR;
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return org.slf4j.event.Level.WARN;
        }
        return level.intValue() >= Level.INFO.intValue()
                ? org.slf4j.event.Level.INFO
                : org.slf4j.event.Level.DEBUG;
    }
}
