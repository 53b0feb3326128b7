// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.Struct;
import java.util.List;
import java.util.Map;

/** How one event on a plugin ended. */
public sealed interface EventOutcome {
    /** The plugin is done; the request goes on. */
    record Completed() implements EventOutcome {}

    /**
     * The plugin answered the request with {@code kong.response.exit}.
     *
     * @param headers values by name as the plugin wrote it; a name without values removes a header
     */
    record Exited(int status, Bytes body, Map<String, List<String>> headers)
            implements EventOutcome {
        /** An exit as the plugin sent it. */
        public static Exited of(ExitArgs exit) {
            var headers = exit.headers() == null ? Struct.EMPTY : exit.headers();
            return new Exited(exit.status(), exit.body(), HeaderValues.of(headers));
        }
    }

    /**
     * The event failed; Kong 3.8 and 3.9 answer 500. In log it is only written to the error log.
     *
     * @param reason as in Kong's error log; not for the client
     */
    record Failed(String reason) implements EventOutcome {}
}
