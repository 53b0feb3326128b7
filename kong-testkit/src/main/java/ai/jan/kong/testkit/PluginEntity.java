// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.Bytes;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A plugin as configured in Kong.
 *
 * @param id the entity's UUID; keep it over configuration changes
 * @param name the plugin
 * @param config the configuration with defaults filled in and without null fields
 * @param seq changes whenever Kong rebuilds its list of plugins; a new one starts a new instance
 */
public record PluginEntity(
        String id,
        String name,
        ObjectNode config,
        long seq,
        Optional<String> routeId,
        Optional<String> serviceId,
        Optional<String> consumerId) {

    /** Kong's default workspace; its id is another one in each installation. */
    private static final String WORKSPACE = "00000000-0000-4000-8000-00000000d0d0";

    public PluginEntity {
        config = config.deepCopy();
    }

    /** A plugin that is configured for all requests. */
    public static PluginEntity global(String id, String name, ObjectNode config, long seq) {
        return new PluginEntity(
                id, name, config, seq, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same plugin after its configuration or anything else in Kong has changed. */
    public PluginEntity changed(ObjectNode newConfig, long newSeq) {
        return new PluginEntity(id, name, newConfig, newSeq, routeId, serviceId, consumerId);
    }

    /** What Kong sends to start it: the configuration with bookkeeping keys (contract 2.4). */
    Bytes startConfig() {
        var json = config.deepCopy();
        json.put("__plugin_id", id);
        json.put("__seq__", seq);
        json.put("__key__", "plugins:" + name + scopeKey() + ":" + WORKSPACE);
        json.put("__ws_id", WORKSPACE);
        routeId.ifPresent(route -> json.put("route_id", route));
        serviceId.ifPresent(service -> json.put("service_id", service));
        consumerId.ifPresent(consumer -> json.put("consumer_id", consumer));
        return Bytes.utf8(json.toString());
    }

    private String scopeKey() {
        return ":"
                + routeId.orElse("")
                + ":"
                + serviceId.orElse("")
                + ":"
                + consumerId.orElse("")
                + ":";
    }
}
