// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.golden;

import ai.jan.gateway.TestingGateway;
import ai.jan.gateway.config.InvalidConfiguration;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Replays recorded cases, one gateway for all that have the same configuration. */
final class GoldenReplay {
    /**
     * What came of a topic.
     *
     * @param failed differences by case
     * @param refused cases whose configuration the gateway does not serve, with its reason
     */
    record Result(int passed, Map<String, List<String>> failed, Map<String, String> refused) {
        /** In the form of replay.py. */
        String line(String topic) {
            return "%-28s pass %4d  fail %4d  refused %4d"
                    .formatted(topic, passed, failed.size(), refused.size());
        }
    }

    private final Path folder;
    private final GoldenUpstreams upstreams;
    private final ScriptedPlugin plugin;

    GoldenReplay(Path folder, GoldenUpstreams upstreams, ScriptedPlugin plugin) {
        this.folder = folder;
        this.upstreams = upstreams;
        this.plugin = plugin;
    }

    static List<JsonNode> records(Path file) throws IOException {
        var records = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(file)) {
            records.add(Json.parse(line));
        }
        return records;
    }

    Result run(List<JsonNode> records) throws IOException, InterruptedException {
        var byConfiguration = new LinkedHashMap<String, List<JsonNode>>();
        for (var record : records) {
            // a case that needs a new gateway is one configuration by itself
            var key = record.path("fresh").asBoolean() ? record.path("id") : record.get("config");
            byConfiguration
                    .computeIfAbsent(record.path("conf") + " " + key, _ -> new ArrayList<>())
                    .add(record);
        }
        int passed = 0;
        var failed = new LinkedHashMap<String, List<String>>();
        var refused = new LinkedHashMap<String, String>();
        for (var same : byConfiguration.values()) {
            try (var gateway = start(same.getFirst())) {
                for (var record : same) {
                    var differences = replay(record, gateway);
                    if (differences.isEmpty()) {
                        passed++;
                    } else {
                        failed.put(record.get("id").asText(), differences);
                    }
                }
            } catch (InvalidConfiguration e) {
                same.forEach(
                        record -> refused.put(record.get("id").asText(), e.problems().getFirst()));
            }
        }
        return new Result(passed, failed, refused);
    }

    private TestingGateway start(JsonNode record) throws IOException, InterruptedException {
        var lines = new StringBuilder(plugin.conf());
        for (var setting : record.path("conf").properties()) {
            lines.append(setting.getKey())
                    .append(" = ")
                    .append(setting.getValue().asText())
                    .append('\n');
        }
        var config = upstreams.outgoing(record.get("config").toString());
        return TestingGateway.start(
                folder, config.replace("<tmp>", folder.toString()), lines.toString());
    }

    private List<String> replay(JsonNode record, TestingGateway gateway)
            throws IOException, InterruptedException {
        if (record.path("avoid_minute_edge").asBoolean()) {
            awayFromTheMinutesEdge();
        }
        var steps = new ArrayList<JsonNode>();
        if (record.has("steps")) {
            record.get("steps").forEach(steps::add);
        } else {
            steps.add(record);
        }
        var known = new StringBuilder(record.get("config").toString());
        steps.forEach(step -> known.append(step.path("request")));
        var normaliser =
                new Normaliser(known.toString(), gateway.port(), gateway.tlsPort(), upstreams);
        if (known.toString().matches("(?s).*(close.{1,4}: ?true|raw_hex).*")) {
            upstreams.dropIdle();
        }
        upstreams.take();
        var client = new GoldenClient(gateway);
        var comparison = new Comparison(normaliser);
        boolean ring = record.get("config").toString().contains("consistent-hashing");
        for (var step : steps) {
            for (var health : step.path("set_health").properties()) {
                upstreams.health(health.getKey(), health.getValue().asInt());
            }
            Thread.sleep(step.path("sleep_ms").asLong());
            if (step.has("upstream_counts")) {
                comparison.counts(step, repeat(step, client), ring);
            } else if (step.has("request")) {
                var observed = client.request(outgoing(step));
                Thread.sleep(Math.max(5, step.path("settle_ms").asLong()));
                comparison.step(step, observed, upstreams.take());
            }
        }
        return comparison.differences();
    }

    private JsonNode outgoing(JsonNode step) throws IOException {
        return Json.parse(upstreams.outgoing(step.get("request").toString()));
    }

    private Comparison.Counts repeat(JsonNode step, GoldenClient client)
            throws IOException, InterruptedException {
        var counts = new Comparison.Counts();
        for (int i = 0; i < step.path("repeat").asInt(1); i++) {
            counts.status(client.request(outgoing(step)).response().path("status").asText());
            Thread.sleep(5);
            upstreams.take().forEach(seen -> counts.upstream(seen.upstream()));
        }
        return counts;
    }

    private static void awayFromTheMinutesEdge() throws InterruptedException {
        int second = LocalTime.now().getSecond();
        if (second > 50) {
            Thread.sleep((61 - second) * 1000L);
        }
    }
}
