// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import static java.util.concurrent.TimeUnit.SECONDS;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Asks plugin servers what they offer, by running their query command through the shell. */
public final class PluginDumps {
    private static final Set<String> PHASES =
            Set.of("certificate", "rewrite", "access", "response", "preread", "log");
    private static final int MAX_DUMP = 4 << 20;
    private static final int MAX_SECONDS = 20;

    private PluginDumps() {}

    /** The plugin that a server offers; nothing, with a problem noted, if its dump is unusable. */
    public static Optional<PluginType.External> query(
            Settings.PluginServer server, Problems problems) throws InterruptedException {
        var field = KongConf.serverKey(server.name(), "query_cmd");
        try {
            return plugin(server, Json.parse(output(server.queryCommand())), field, problems);
        } catch (JsonProcessingException e) {
            problems.add(field, "failed decoding plugin info: not one JSON value");
        } catch (IOException e) {
            problems.add(field, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private static byte[] output(String command) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder("/bin/sh", "-c", command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        process.getOutputStream().close();
        var killer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                if (!process.waitFor(MAX_SECONDS, SECONDS)) {
                                    process.destroyForcibly();
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        var output = process.getInputStream().readNBytes(MAX_DUMP + 1);
        killer.interrupt();
        process.destroyForcibly();
        if (output.length > MAX_DUMP) {
            throw new IOException("prints more than a plugin's dump");
        }
        if (output.length == 0) {
            throw new IOException("prints nothing within " + MAX_SECONDS + " s: " + command);
        }
        return output;
    }

    private static Optional<PluginType.External> plugin(
            Settings.PluginServer server, JsonNode dump, String field, Problems problems) {
        if (!"ProtoBuf:1".equals(dump.path("Protocol").asText())) {
            problems.add(field, "the stand-in only speaks protocol ProtoBuf:1");
            return Optional.empty();
        }
        var plugin = dump.path("Plugins").path(0); // Kong 3.9 reads the first one only
        var name = plugin.path("Name").asText();
        if (name.isEmpty() || !plugin.path("Schema").isObject()) {
            problems.add(field, "not a plugin info table: a Name and a Schema are needed");
            return Optional.empty();
        }
        if (!plugin.path("Priority").isIntegralNumber()) {
            problems.add(field, "PRIORITY field is not a valid integer number");
        }
        var phases = new HashSet<String>();
        for (var phase : plugin.path("Phases")) {
            phases.add(phase.asText());
            if (!PHASES.contains(phase.asText())) {
                problems.add(field, "unknown phase: " + phase.asText());
            }
        }
        return Optional.of(
                new PluginType.External(
                        name,
                        plugin.path("Priority").asInt(),
                        plugin.path("Schema"),
                        Set.copyOf(phases),
                        server.socket()));
    }
}
