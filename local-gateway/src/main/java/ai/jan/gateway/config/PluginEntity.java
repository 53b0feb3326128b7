// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configured plugin.
 *
 * @param scope what it is attached to; nothing at all means all requests
 * @param config complete: defaults filled in, references resolved, nulls left out
 * @param references the vault references that were resolved, by field
 */
public record PluginEntity(
        String id,
        PluginType type,
        Optional<String> instanceName,
        Scope scope,
        List<String> protocols,
        ObjectNode config,
        Map<String, String> references) {
    /** The ids of what a plugin is attached to. */
    public record Scope(
            Optional<String> route, Optional<String> service, Optional<String> consumer) {
        public static final Scope GLOBAL =
                new Scope(Optional.empty(), Optional.empty(), Optional.empty());

        public boolean global() {
            return route.isEmpty() && service.isEmpty() && consumer.isEmpty();
        }
    }

    public String name() {
        return type.name();
    }
}
