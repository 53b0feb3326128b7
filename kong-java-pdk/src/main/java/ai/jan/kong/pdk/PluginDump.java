// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import ai.jan.kong.pdk.config.ConfigSchema;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What Kong asks for with {@code query_cmd}: one plugin, because Kong 3.9 reads no more. Best made
 * when the plugins are built, and shown to Kong with {@code cat}.
 *
 * @param schema Kong's schema of the plugin
 */
public record PluginDump(
        String name, List<Phase> phases, String version, int priority, ObjectNode schema) {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+){0,2}");

    /**
     * The dump of a plugin.
     *
     * @throws IllegalArgumentException with everything for which Kong would refuse to start
     */
    public static PluginDump of(PluginDefinition<?, ?> plugin) {
        if (!NAME.matcher(plugin.name()).matches()) {
            throw new IllegalArgumentException(
                    "a plugin's name has lower case letters, digits and dashes: " + plugin.name());
        }
        if (!VERSION.matcher(plugin.version()).matches()) {
            throw new IllegalArgumentException(
                    plugin.name() + ": a version has one to three numbers: " + plugin.version());
        }
        return new PluginDump(
                plugin.name(),
                phases(plugin.plugin()),
                plugin.version(),
                plugin.priority(),
                ConfigSchema.of(plugin.name(), plugin.config()).json());
    }

    /** The phases whose methods a plugin overrides. */
    public static List<Phase> phases(Class<? extends Plugin> plugin) {
        return Arrays.stream(Phase.values()).filter(phase -> overrides(plugin, phase)).toList();
    }

    private static boolean overrides(Class<? extends Plugin> plugin, Phase phase) {
        try {
            return plugin.getMethod(phase.wireName(), Kong.class).getDeclaringClass()
                    != Plugin.class;
        } catch (NoSuchMethodException e) {
            throw new LinkageError("a phase without its method", e);
        }
    }

    /**
     * Reads what a {@code query_cmd} printed.
     *
     * @throws IllegalArgumentException if it is not a dump of the protocol {@code ProtoBuf:1} with
     *     a plugin
     */
    public static PluginDump parse(String json) {
        try {
            var tree = MAPPER.readTree(json);
            if (!tree.path("Protocol").asText().equals("ProtoBuf:1")) {
                throw new IllegalArgumentException("a dump has the protocol ProtoBuf:1");
            }
            var plugin = tree.path("Plugins").path(0);
            if (!(plugin.path("Schema") instanceof ObjectNode schema)) {
                throw new IllegalArgumentException("a dump has a plugin with a schema");
            }
            var phases = new ArrayList<Phase>();
            plugin.path("Phases").forEach(phase -> Phase.of(phase.asText()).ifPresent(phases::add));
            return new PluginDump(
                    plugin.path("Name").asText(),
                    phases,
                    plugin.path("Version").asText(),
                    plugin.path("Priority").asInt(),
                    schema);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a dump is JSON", e);
        }
    }

    /** The JSON text, with a line break at its end. */
    public String toJson() {
        var dump = MAPPER.createObjectNode().put("Protocol", "ProtoBuf:1");
        var plugin = dump.putArray("Plugins").addObject();
        plugin.put("Name", name);
        var names = plugin.putArray("Phases");
        phases.forEach(phase -> names.add(phase.wireName()));
        plugin.put("Version", version).put("Priority", priority).set("Schema", schema);
        return dump.toPrettyString() + "\n";
    }
}
