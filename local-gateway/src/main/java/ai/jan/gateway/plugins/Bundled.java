// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.config.PluginType;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.proxy.Metrics;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The bundled plugins that are part of the stand-in, with Kong's priorities. */
public final class Bundled {
    private interface Factory {
        BundledPlugin make(PluginEntity entity, Settings settings, Metrics metrics)
                throws JsonProcessingException;
    }

    /** Most plugins need nothing but their configuration. */
    private interface Simple {
        BundledPlugin make(PluginEntity entity) throws JsonProcessingException;
    }

    private record Definition(int priority, String schema, Factory factory) {}

    private static final Map<String, Definition> ALL =
            Map.of(
                    "correlation-id",
                    simple(100_001, CorrelationId.SCHEMA, CorrelationId::of),
                    "cors",
                    simple(2000, Cors.SCHEMA, Cors::of),
                    "ip-restriction",
                    simple(990, IpRestriction.SCHEMA, IpRestriction::of),
                    "request-size-limiting",
                    simple(951, RequestSizeLimiting.SCHEMA, RequestSizeLimiting::of),
                    "rate-limiting",
                    simple(910, RateLimiting.SCHEMA, RateLimiting::of),
                    "opentelemetry",
                    new Definition(
                            14,
                            OpenTelemetry.SCHEMA,
                            (entity, settings, _) -> OpenTelemetry.of(entity, settings)),
                    "prometheus",
                    new Definition(
                            13,
                            Prometheus.SCHEMA,
                            (entity, _, metrics) -> Prometheus.of(entity, metrics)),
                    "request-termination",
                    simple(2, RequestTermination.SCHEMA, RequestTermination::of));

    private Bundled() {}

    private static Definition simple(int priority, String schema, Simple factory) {
        return new Definition(priority, schema, (entity, _, _) -> factory.make(entity));
    }

    /** What can be configured. */
    public static List<PluginType> types() {
        var types = new ArrayList<PluginType>();
        ALL.forEach((name, definition) ->
                types.add(new PluginType.Bundled(name, definition.priority(), schema(definition))));
        return types;
    }

    private static ObjectNode schema(Definition definition) {
        try {
            return (ObjectNode) Json.parse(definition.schema());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a schema of ours is not JSON", e);
        }
    }

    static BundledPlugin plugin(PluginEntity entity, Settings settings, Metrics metrics) {
        var definition = ALL.get(entity.name());
        if (definition == null) {
            throw new IllegalArgumentException("not a bundled plugin: " + entity.name());
        }
        try {
            return definition.factory().make(entity, settings, metrics);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a valid configuration does not fit its type", e);
        }
    }
}
