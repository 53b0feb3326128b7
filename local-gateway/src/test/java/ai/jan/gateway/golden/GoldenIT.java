// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays what a real Kong answered and compares: all records in the folder {@code -Dkong.golden},
 * and a part of them that is kept here. Where the folder is absent the former are skipped, but not
 * in CI. The counts are printed, and written to {@code target/golden-counts.txt}.
 */
class GoldenIT {
    private static final Path GOLDEN =
            Path.of(System.getProperty("kong.golden", "../../shared/kong-golden"));
    private static final Path KEPT_HERE = Path.of("src/test/resources/golden");

    /** Records are refused for these reasons and no other. */
    private static final Set<String> PLUGINS =
            Set.of(
                    "cors",
                    "correlation-id",
                    "request-size-limiting",
                    "rate-limiting",
                    "ip-restriction",
                    "request-termination",
                    "prometheus",
                    "opentelemetry",
                    "golden",
                    "goldresp",
                    "goldabsent");

    private static final TreeMap<String, GoldenReplay.Result> RESULTS = new TreeMap<>();

    @TempDir static Path folder;
    private static GoldenUpstreams upstreams;
    private static ScriptedPlugin plugin;

    @BeforeAll
    static void startUpstreams() throws IOException {
        upstreams = new GoldenUpstreams();
        plugin = new ScriptedPlugin(folder);
    }

    @AfterAll
    static void printCounts() throws IOException {
        upstreams.close();
        plugin.close();
        var lines = new ArrayList<String>();
        RESULTS.forEach((topic, result) -> lines.add(result.line(topic)));
        if (!lines.isEmpty()) {
            lines.add(
                    "%-28s pass %4d  fail %4d  refused %4d"
                            .formatted(
                                    "total",
                                    RESULTS.values().stream().mapToInt(r -> r.passed()).sum(),
                                    RESULTS.values().stream()
                                            .mapToInt(r -> r.failed().size())
                                            .sum(),
                                    RESULTS.values().stream()
                                            .mapToInt(r -> r.refused().size())
                                            .sum()));
            Files.write(Path.of("target/golden-counts.txt"), lines);
            lines.forEach(System.out::println);
        }
    }

    static Stream<String> topics() throws IOException {
        if (!Files.isDirectory(GOLDEN)) {
            return Stream.of("absent");
        }
        try (var files = Files.list(GOLDEN)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("http-"))
                    .map(name -> name.substring(5, name.indexOf(".jsonl")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    void answersAsKongDid(String topic) throws IOException, InterruptedException {
        var file = GOLDEN.resolve("http-" + topic + ".jsonl");
        if (System.getenv("CI") == null) {
            assumeTrue(
                    Files.exists(file),
                    () ->
                            "no recordings in "
                                    + GOLDEN.toAbsolutePath()
                                    + ": use -Dkong.golden=DIR");
        }
        RESULTS.put(topic, replay(GoldenReplay.records(file)));
    }

    @Test
    void answersAsKongDidWithTheRecordsKeptHere() throws IOException, InterruptedException {
        replay(GoldenReplay.records(KEPT_HERE.resolve("http.jsonl")));
    }

    private static GoldenReplay.Result replay(List<JsonNode> records)
            throws IOException, InterruptedException {
        var result = new GoldenReplay(folder, upstreams, plugin).run(records);
        assertThat(result.failed()).isEmpty();
        assertThat(result.refused().keySet())
                .isEqualTo(
                        records.stream()
                                .filter(GoldenIT::outside)
                                .map(record -> record.get("id").asText())
                                .collect(Collectors.toSet()));
        return result;
    }

    /** Whether a record's configuration asks for what is no part of the stand-in. */
    private static boolean outside(JsonNode record) {
        return record.path("conf").path("router_flavor").asText().equals("traditional")
                || record.get("config").findValues("plugins").stream()
                        .flatMap(plugins -> plugins.findValuesAsText("name").stream())
                        .anyMatch(name -> !PLUGINS.contains(name));
    }
}
