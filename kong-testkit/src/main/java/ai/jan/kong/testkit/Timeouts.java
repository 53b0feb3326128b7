// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import java.time.Duration;

/**
 * How long a worker waits.
 *
 * @param read for each frame to come from the plugin server or to be taken by it; Kong's {@code
 *     lua_socket_read_timeout}
 * @param claim for an instance that another request is starting
 */
public record Timeouts(Duration read, Duration claim) {
    /** As in a Kong that is not configured otherwise. */
    public static final Timeouts KONG = of(Duration.ofSeconds(60));

    public static Timeouts of(Duration read) {
        return new Timeouts(read, Duration.ofSeconds(10));
    }
}
