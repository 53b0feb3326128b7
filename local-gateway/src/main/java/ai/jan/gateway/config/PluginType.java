// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Set;

/** A plugin that can be configured: what Kong knows of it before it is. */
public sealed interface PluginType {
    String name();

    /** Higher runs earlier. */
    int priority();

    /** Kong's schema of the whole plugin entity, as in the dump of an external plugin. */
    JsonNode schema();

    /** Built into the stand-in. */
    record Bundled(String name, int priority, JsonNode schema) implements PluginType {}

    /** Reached over the socket of its plugin server. */
    record External(String name, int priority, JsonNode schema, Set<String> phases, Path socket)
            implements PluginType {}
}
