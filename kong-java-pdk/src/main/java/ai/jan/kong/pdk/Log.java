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

    /**
     * {@code kong.log.set_serialize_value}: adds a value to the log record of this request. A name
     * with dots makes tables inside tables. Rewrite, access, response; Kong has made the record
     * when log begins, so there it has no effect.
     *
     * @throws IllegalArgumentException for a value that does not reach Kong, as in {@link
     *     Shared#set}
     */
    void setSerializeValue(String key, Object value);

    /**
     * {@code kong.log.serialize}: Kong's log record of the request, a JSON object. Log only.
     * Authorization headers are left out, but headers and values may hold other secrets.
     */
    Answer<String> serialize();

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
