// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.logging;

import ai.jan.kong.pdk.Log;
import java.util.Optional;

/**
 * The {@code kong.log} of the event that runs on this thread. SLF4J's loggers are static, so there
 * is no other way for them to know.
 */
public final class EventLog {
    private static final ThreadLocal<Log> CURRENT = new ThreadLocal<>();

    private EventLog() {}

    /** An event begins on this thread; for the plugin server. */
    public static void begin(Log log) {
        CURRENT.set(log);
    }

    /** It is over. */
    public static void end() {
        CURRENT.remove();
    }

    static Optional<Log> current() {
        return Optional.ofNullable(CURRENT.get());
    }
}
