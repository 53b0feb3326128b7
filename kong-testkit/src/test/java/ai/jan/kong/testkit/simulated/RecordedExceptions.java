// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The only records that the simulated Kong does not follow: it is 3.9, the recorded one newer. */
final class RecordedExceptions {
    private static final Set<String> NEWER_IN_LOG =
            Set.of(
                    "kong.request.get_scheme",
                    "kong.request.get_host",
                    "kong.request.get_path",
                    "kong.request.get_path_with_query");

    private RecordedExceptions() {}

    /** Whether a getter works in log from 3.10 only. */
    static boolean isNewer(JsonNode call, Phase phase) {
        return phase == Phase.LOG && NEWER_IN_LOG.contains(call.path("method").asText());
    }
}
