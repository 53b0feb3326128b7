// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Log;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How a plugin server runs.
 *
 * @param deadline how long a plugin may think in one event, not counting the time it waits for
 *     Kong; to be below Kong's {@code nginx_http_lua_socket_read_timeout}
 * @param drain how long running events may take to end when the server stops
 * @param concurrency how many events of one plugin run at once; more wait for a place
 * @param maxFrame the longest frame accepted, in bytes; request bodies come in one
 * @param logLevel lines of {@code kong.log} less severe than that are not sent
 * @param socketMode who may connect; empty leaves it to the umask
 * @param errorAnswers what a client gets when a plugin has failed
 * @param listener is told of each event
 */
public record ServerOptions(
        Duration deadline,
        Duration drain,
        int concurrency,
        int maxFrame,
        Log.Level logLevel,
        Optional<Set<PosixFilePermission>> socketMode,
        ErrorAnswers errorAnswers,
        EventListener listener) {

    /**
     * 9 seconds to think, 5 to drain, 256 events of a plugin at once, frames up to 64 MiB, Kong's
     * own level {@code notice}, mode from the umask.
     */
    public static final ServerOptions DEFAULTS =
            new ServerOptions(
                    Duration.ofSeconds(9),
                    Duration.ofSeconds(5),
                    256,
                    64 * 1024 * 1024,
                    Log.Level.NOTICE,
                    Optional.empty(),
                    _ -> ErrorAnswer.KONG,
                    _ -> {});

    public ServerOptions withDeadline(Duration value) {
        return new ServerOptions(
                value, drain, concurrency, maxFrame, logLevel, socketMode, errorAnswers, listener);
    }

    public ServerOptions withDrain(Duration value) {
        return new ServerOptions(
                deadline,
                value,
                concurrency,
                maxFrame,
                logLevel,
                socketMode,
                errorAnswers,
                listener);
    }

    public ServerOptions withConcurrency(int value) {
        return new ServerOptions(
                deadline, drain, value, maxFrame, logLevel, socketMode, errorAnswers, listener);
    }

    public ServerOptions withMaxFrame(int value) {
        return new ServerOptions(
                deadline, drain, concurrency, value, logLevel, socketMode, errorAnswers, listener);
    }

    public ServerOptions withLogLevel(Log.Level value) {
        return new ServerOptions(
                deadline, drain, concurrency, maxFrame, value, socketMode, errorAnswers, listener);
    }

    /**
     * @param mode such as {@code rw-rw----}
     */
    public ServerOptions withSocketMode(String mode) {
        var permissions = Optional.of(PosixFilePermissions.fromString(mode));
        return new ServerOptions(
                deadline,
                drain,
                concurrency,
                maxFrame,
                logLevel,
                permissions,
                errorAnswers,
                listener);
    }

    public ServerOptions withErrorAnswers(ErrorAnswers value) {
        return new ServerOptions(
                deadline, drain, concurrency, maxFrame, logLevel, socketMode, value, listener);
    }

    public ServerOptions withListener(EventListener value) {
        return new ServerOptions(
                deadline, drain, concurrency, maxFrame, logLevel, socketMode, errorAnswers, value);
    }
}
