// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.gateway.config.InvalidConfiguration;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real Kong accepted of kong.yml files, and what it said of the others. */
class ConfigValidationIT {
    private static final Path RECORDS =
            Path.of("src/test/resources/golden/config-validation.jsonl");

    @TempDir Path folder;
    private final List<JsonNode> records = new ArrayList<>();

    @BeforeEach
    void readRecords() throws IOException {
        for (var line : Files.readAllLines(RECORDS)) {
            var record = Json.parse(line);
            if (record.has("dump")) {
                Files.writeString(folder.resolve("valp.json"), record.get("dump").toString());
            } else {
                records.add(record);
            }
        }
    }

    private List<String> problems(JsonNode record) throws IOException, InterruptedException {
        var text = record.path("config_text").asText(record.path("config").toString());
        var kongYml = Files.writeString(folder.resolve("kong.yml"), text);
        var conf =
                Files.writeString(
                        folder.resolve("kong.conf"),
                        """
                        plugins = bundled,valp
                        pluginserver_names = valp
                        pluginserver_valp_query_cmd = cat %s
                        """
                                .formatted(folder.resolve("valp.json")));
        try {
            StandIn.check(
                    Map.of("--config", kongYml.toString(), "--conf", conf.toString()), Map.of());
            return List.of();
        } catch (InvalidConfiguration e) {
            return e.problems();
        }
    }

    @Test
    void acceptsWhatKongAcceptsAndRefusesWhatKongRefuses() throws Exception {
        var wrong = new TreeMap<String, List<String>>();
        var otherWords = new TreeMap<String, String>();
        int agreed = 0;
        int unsupported = 0;
        for (var record : records) {
            var problems = problems(record);
            boolean limit =
                    problems.stream().anyMatch(problem -> problem.contains("the stand-in "));
            if (limit) {
                unsupported++;
            } else if (record.get("accepted").asBoolean() != problems.isEmpty()) {
                wrong.put(record.get("id").asText(), problems);
            } else {
                agreed++;
                var said = String.join("\n", problems);
                leaves(record.path("fields")).stream()
                        .filter(leaf -> !said.contains(leaf))
                        .forEach(leaf ->
                                otherWords.put(record.get("id").asText(), leaf + " | " + said));
            }
        }
        System.out.printf(
                "config-validation            agree %4d  in other words %4d  not served %4d%n",
                agreed, otherWords.size(), unsupported);
        otherWords.forEach(
                (id, words) -> System.out.println("  in other words: " + id + " " + words));
        assertThat(wrong).isEmpty();
    }

    /** The texts in Kong's tree of errors. */
    private static List<String> leaves(JsonNode fields) {
        var leaves = new ArrayList<String>();
        if (fields.isTextual()) {
            leaves.add(fields.asText());
        }
        fields.forEach(field -> leaves.addAll(leaves(field)));
        return leaves;
    }
}
