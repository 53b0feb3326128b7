// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the plugins of a kong.yml, each by the schema of its type. */
final class Plugins {
    private static final List<String> PROTOCOLS = List.of("grpc", "grpcs", "http", "https");

    private final Map<String, PluginType> types;
    private final Vault vault;

    Plugins(Map<String, PluginType> types, Vault vault) {
        this.types = types;
        this.vault = vault;
    }

    /** The plugin, or nothing if it is disabled or not known. */
    Optional<PluginEntity> plugin(Fields fields, PluginEntity.Scope scope) {
        var name = fields.text("name").orElse("");
        boolean enabled = fields.flag("enabled", true);
        var instance = fields.text("instance_name");
        var protocols = fields.texts("protocols");
        var config = fields.json("config").orElse(null);
        var id =
                fields.text("id")
                        .orElseGet(() -> Entities.id("plugin", fields.at("") + name + scope));
        fields.texts("tags");
        fields.raw("created_at");
        fields.raw("updated_at");
        fields.unsupported("ordering", "consumer_group");
        var type = types.get(name);
        if (type == null) {
            fields.wrong("name", unknown(name));
            return Optional.empty();
        }
        checkProtocols(fields, type.schema(), protocols);
        checkScope(fields, type.schema(), scope);
        var schema = schema(fields.problems());
        var complete = schema.record(fields.at("config"), field(type.schema(), "config"), config);
        return enabled
                ? Optional.of(
                        new PluginEntity(
                                id,
                                type,
                                instance,
                                scope,
                                protocols.isEmpty() ? List.of("http", "https") : protocols,
                                complete,
                                schema.references()))
                : Optional.empty();
    }

    /** A schema's work on one object. */
    Schema schema(Problems problems) {
        return new Schema(problems, vault);
    }

    private static String unknown(String name) {
        return BundledNames.ALL.contains(name)
                ? "the stand-in does not support the bundled plugin '" + name + "'"
                : "plugin '"
                        + name
                        + "' not enabled; add it to the 'plugins' configuration property";
    }

    private static void checkProtocols(Fields fields, JsonNode schema, List<String> protocols) {
        var allowed = new ArrayList<String>();
        field(schema, "protocols")
                .path("elements")
                .path("one_of")
                .forEach(protocol -> allowed.add(protocol.asText()));
        var known = allowed.isEmpty() ? PROTOCOLS : allowed;
        for (var protocol : protocols) {
            if (!known.contains(protocol)) {
                fields.wrong("protocols", "expected one of: " + String.join(", ", known));
            }
        }
    }

    /** Kong checks what is named, not what a plugin is nested in. */
    private static void checkScope(Fields fields, JsonNode schema, PluginEntity.Scope scope) {
        forbid(fields, schema, "route", scope.route());
        forbid(fields, schema, "service", scope.service());
        forbid(fields, schema, "consumer", scope.consumer());
    }

    private static void forbid(
            Fields fields, JsonNode schema, String entity, Optional<String> attached) {
        if (attached.isPresent()
                && fields.names(entity)
                && field(schema, entity).path("eq").isNull()) {
            fields.wrong(entity, "value must be null");
        }
    }

    private static JsonNode field(JsonNode schema, String name) {
        for (var field : schema.path("fields")) {
            if (field.has(name)) {
                return field.get(name);
            }
        }
        return MissingNode.getInstance();
    }
}
