// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/**
 * {@code kong.log}: Kong's error log, each line with the plugin's name before it. All phases. A
 * line below the plugin server's own level is not sent.
 */
public interface Log {
    /** {@code kong.log.alert}: a person must act at once. */
    void alert(String message);

    /** {@code kong.log.crit}: critical. */
    void crit(String message);

    /** {@code kong.log.err}: an error. */
    void err(String message);

    /** {@code kong.log.warn}: a person may want to look. */
    void warn(String message);

    /** {@code kong.log.notice}: normal but significant. */
    void notice(String message);

    /** {@code kong.log.info}: for information. */
    void info(String message);

    /** {@code kong.log.debug}: for debugging. */
    void debug(String message);

    /** Levels, the most severe first. */
    enum Level {
        ALERT,
        CRIT,
        ERR,
        WARN,
        NOTICE,
        INFO,
        DEBUG
    }
}
