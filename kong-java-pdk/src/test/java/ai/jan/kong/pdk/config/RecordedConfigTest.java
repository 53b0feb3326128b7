// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.config.CrossCheck.Rule;
import ai.jan.kong.pdk.config.NotScopedTo.Scope;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a real Kong said to configurations of an external plugin, and what we say. */
class RecordedConfigTest {
    private static final JsonMapper JSON = new JsonMapper();

    /** The recorded plugin's configuration, as an author would write it. */
    @Protocols({"http", "https"})
    @NotScopedTo(Scope.CONSUMER)
    @CrossCheck(
            rule = Rule.MUTUALLY_EXCLUSIVE,
            fields = {"x1", "x2"})
    @CrossCheck(
            rule = Rule.MUTUALLY_REQUIRED,
            fields = {"m1", "m2"})
    @Conditional(ifField = "pol", is = "redis", thenField = "host")
    record Valp(
            @Required String req,
            @Nullable @OneOf({"a", "b"}) String one,
            @Nullable @Between(min = 1, max = 10) Integer betw,
            @Nullable @GreaterThan(0) Double gt0,
            @Nullable @Length(min = 2, max = 4) String len,
            @Nullable @Match(value = "^%a+$", accepts = "ab", refuses = "a1") String match,
            @Nullable @StartsWith("/") String sw,
            java.util.@Nullable UUID uu,
            @Nullable @Regex String rx,
            @Nullable @NotOneOf("x") String ne,
            @Length(min = 1, max = 3) @OneOf({"r", "w"}) List<String> arr,
            Set<Integer> set,
            @KeyMatch("^k") Map<String, Integer> map,
            @Nullable Rec rec,
            @Nullable String x1,
            @Nullable String x2,
            @Nullable String m1,
            @Nullable String m2,
            @Default("local") Policy pol,
            @Nullable String host) {}

    record Rec(@Required String a, @Nullable Boolean b) {}

    enum Policy {
        LOCAL,
        REDIS
    }

    @Test
    void aRecordSaysAllThatTheRecordedSchemaSays() throws Exception {
        var ours = JSON.readTree(ConfigSchema.of("valp", Valp.class).json().toString());

        assertThat(fields(ours)).isEqualTo(fields(recordedSchema()));
    }

    @TestFactory
    Stream<DynamicTest> weSayWhatKongSaid() throws Exception {
        var check = new ConfigCheck(recordedSchema());
        return records()
                .filter(record -> record.has("accepted"))
                .map(record ->
                        DynamicTest.dynamicTest(
                                record.path("id").asText(),
                                () ->
                                        assertThat(check.problems(plugin(record.path("config"))))
                                                .isEqualTo(recordedProblems(record))));
    }

    /** Kong's messages stand where the plugin stands in the file. */
    private static JsonNode recordedProblems(JsonNode record) throws Exception {
        if (record.path("accepted").asBoolean()) {
            return JSON.createObjectNode();
        }
        return record.at("/fields/services/0/routes/0/plugins/0");
    }

    private static JsonNode plugin(JsonNode config) {
        return config.findValue("plugins").path(0);
    }

    private static JsonNode recordedSchema() throws Exception {
        return records()
                .filter(record -> record.has("dump"))
                .findFirst()
                .orElseThrow()
                .at("/dump/Plugins/0/Schema");
    }

    private static Map<String, JsonNode> fields(JsonNode schema) {
        var fields = new java.util.TreeMap<String, JsonNode>();
        schema.path("fields")
                .forEach(field ->
                        field.properties()
                                .forEach(entry -> fields.put(entry.getKey(), entry.getValue())));
        return fields;
    }

    private static Stream<JsonNode> records() throws Exception {
        try (var file =
                RecordedConfigTest.class.getResourceAsStream("golden/config-validation.jsonl")) {
            var lines = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            var records = new java.util.ArrayList<JsonNode>();
            for (var line : lines) {
                records.add(JSON.readTree(line));
            }
            return records.stream();
        }
    }
}
