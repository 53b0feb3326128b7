// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** The files of compose/monitoring: what they ask Prometheus. */
final class Monitoring {
    private static final Path FOLDER = Path.of("../compose/monitoring");
    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"|'[^']*'");
    private static final Pattern LABELS =
            Pattern.compile(
                    "\\{[^}]*}|\\[[^]]*]|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\()\\b");
    private static final Pattern FUNCTION = Pattern.compile("\\b\\w+(?=\\s*\\()");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((\\w+), *\\w+\\)");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    /** An alert of the rules. */
    record Alert(String name, String expression, Map<String, String> annotations) {}

    private Monitoring() {}

    /** The dashboards by their file. */
    static Map<Path, JsonNode> dashboards() throws IOException {
        var dashboards = new TreeMap<Path, JsonNode>();
        try (var files = Files.list(FOLDER.resolve("grafana/dashboards"))) {
            for (var file : files.toList()) {
                dashboards.put(file, Json.parse(Files.readAllBytes(file)));
            }
        }
        return dashboards;
    }

    /** What a dashboard asks Prometheus. */
    static List<String> questions(JsonNode dashboard) {
        var questions = new ArrayList<>(dashboard.findValuesAsText("expr"));
        for (var variable : dashboard.at("/templating/list")) {
            var values = LABEL_VALUES.matcher(variable.at("/query/query").asText());
            if (!values.matches()) {
                throw new IllegalStateException("not understood: " + variable);
            }
            questions.add(values.group(1));
        }
        return questions;
    }

    static List<Alert> alerts() throws IOException {
        return rules().stream()
                .filter(rule -> rule.containsKey("alert"))
                .map(rule ->
                        new Alert(
                                (String) rule.get("alert"),
                                (String) rule.get("expr"),
                                texts(rule.get("annotations"))))
                .toList();
    }

    /** Expressions by the name that Prometheus keeps their values under. */
    static Map<String, String> records() throws IOException {
        var records = new TreeMap<String, String>();
        for (var rule : rules()) {
            if (rule.containsKey("record")) {
                records.put((String) rule.get("record"), (String) rule.get("expr"));
            }
        }
        return records;
    }

    /** The metrics that an expression names. */
    static Set<String> metrics(String expression) {
        var bare = STRING.matcher(expression).replaceAll("");
        bare = LABELS.matcher(bare).replaceAll(" ");
        bare = FUNCTION.matcher(bare).replaceAll(" ");
        var names = new TreeSet<String>();
        NAME.matcher(bare).results().forEach(name -> names.add(name.group()));
        names.removeAll(WORDS);
        return names;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rules() throws IOException {
        var file =
                (Map<String, List<Map<String, Object>>>)
                        new Yaml().load(Files.readString(FOLDER.resolve("rules/jan.yml")));
        return file.get("groups").stream()
                .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> texts(Object map) {
        return (Map<String, String>) map;
    }
}
