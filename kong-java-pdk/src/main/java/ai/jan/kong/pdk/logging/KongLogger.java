// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.logging;

import ai.jan.kong.pdk.Log;
import java.io.PrintWriter;
import java.io.Serial;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger whose lines go to {@code kong.log} if an event runs on its thread. Thread-safe. */
final class KongLogger extends LegacyAbstractLogger {
    @Serial private static final long serialVersionUID = 1;

    /** Kong cuts its lines at some four kilobytes. */
    private static final int MAX_LINE = 3000;

    private final Level least;
    private final boolean toKong;
    private final transient LogLines lines;

    KongLogger(String name, Level least, boolean toKong, LogLines lines) {
        this.name = name;
        this.least = least;
        this.toKong = toKong;
        this.lines = lines;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        var text =
                name.substring(name.lastIndexOf('.') + 1)
                        + ": "
                        + MessageFormatter.basicArrayFormat(pattern, arguments)
                        + trace(failure);
        var log = EventLog.current();
        if (!toKong || log.isEmpty() || !told(log.get(), level, text)) {
            lines.add(Instant.now() + " " + level + " " + text);
        }
    }

    /**
     * @return false if the event is over, as after an exit
     */
    private static boolean told(Log log, Level level, String text) {
        var line = text.length() > MAX_LINE ? text.substring(0, MAX_LINE) + "…" : text;
        try {
            switch (level) {
                case ERROR -> log.err(line);
                case WARN -> log.warn(line);
                case INFO -> log.info(line);
                case DEBUG, TRACE -> log.debug(line);
            }
            return true;
        } catch (RuntimeException e) { // logging must not fail the plugin; the loss is noted
            return false;
        }
    }

    private static String trace(@Nullable Throwable failure) {
        if (failure == null) {
            return "";
        }
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return System.lineSeparator() + text;
    }

    private boolean shows(Level level) {
        return level.toInt() >= least.toInt();
    }

    @Override
    public boolean isTraceEnabled() {
        return shows(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return shows(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return shows(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return shows(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return shows(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }
}
