// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Replays what a real Kong answered, from the folder {@code -Dkong.golden}, and compares. Skipped
 * where the records are absent.
 */
class GoldenIT {
    private static final Path GOLDEN =
            Path.of(System.getProperty("kong.golden", "../../shared/kong-golden"));

    @ParameterizedTest
    @CsvSource({
        "router, 86",
        "paths, 43",
        "upstream-headers, 0",
        "response-headers, 0",
        "errors, 0",
        "timeouts, 0",
        "streaming, 0",
        "correlation-id, 0",
        "cors, 1",
        "request-size-limiting, 0",
        "request-termination, 0",
        "rate-limiting, 2",
        "status, 0",
        "key-auth, 31",
    })
    void answersAsKongDid(String topic, int refusedCases, @TempDir Path folder)
            throws IOException, InterruptedException {
        var file = GOLDEN.resolve("http-" + topic + ".jsonl");
        assumeTrue(Files.exists(file), () -> "no recordings in " + GOLDEN.toAbsolutePath());
        var byConfiguration = new LinkedHashMap<String, List<JsonNode>>();
        for (var line : Files.readAllLines(file)) {
            var record = Json.parse(line);
            byConfiguration
                    .computeIfAbsent(
                            record.path("conf") + " " + record.get("config"),
                            _ -> new ArrayList<>())
                    .add(record);
        }
        var failures = new LinkedHashMap<String, List<String>>();
        int refused = 0;
        try (var upstreams = new GoldenUpstreams()) {
            for (var records : byConfiguration.values()) {
                var first = records.getFirst();
                try (var gateway =
                        TestingGateway.start(
                                folder,
                                upstreams.outgoing(first.get("config").toString()),
                                conf(first))) {
                    for (var record : records) {
                        var differences = replay(record, gateway, upstreams);
                        if (!differences.isEmpty()) {
                            failures.put(record.get("id").asText(), differences);
                        }
                    }
                } catch (InvalidConfiguration e) {
                    refused += records.size();
                }
            }
        }
        assertThat(failures).isEmpty();
        assertThat(refused).isEqualTo(refusedCases);
    }

    private static String conf(JsonNode record) {
        var lines = new StringBuilder();
        for (var setting : record.path("conf").properties()) {
            lines.append(setting.getKey())
                    .append(" = ")
                    .append(setting.getValue().asText())
                    .append('\n');
        }
        return lines.toString();
    }

    private static List<String> replay(
            JsonNode record, TestingGateway gateway, GoldenUpstreams upstreams)
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
        for (var step : steps) {
            if (!step.has("request")) {
                continue;
            }
            Thread.sleep(step.path("sleep_ms").asLong());
            var observed =
                    client.request(Json.parse(upstreams.outgoing(step.get("request").toString())));
            Thread.sleep(Math.max(5, step.path("settle_ms").asLong()));
            comparison.step(step, observed, upstreams.take());
        }
        return comparison.differences();
    }

    private static void awayFromTheMinutesEdge() throws InterruptedException {
        int second = LocalTime.now().getSecond();
        if (second > 50) {
            Thread.sleep((61 - second) * 1000L);
        }
    }
}
