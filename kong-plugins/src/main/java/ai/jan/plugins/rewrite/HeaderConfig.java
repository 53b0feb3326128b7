// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kong.pdk.config.Description;
import java.util.Map;
import java.util.Set;

/** Headers that the service gets otherwise than the client sent them. */
public record HeaderConfig(
        @Description("Removed from the request.") Set<String> remove,
        @Description("Passed on under another name: the client's name to the service's.")
                Map<String, String> rename,
        @Description("Set to a fixed value, whatever the client sent: name to value.")
                Map<String, String> set) {}
