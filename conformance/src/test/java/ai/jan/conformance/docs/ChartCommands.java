// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Commands for a cluster, which no test has: what they name is looked up in the chart. That the
 * chart's objects are valid is shown by {@code make check-deploy}.
 */
final class ChartCommands {
    private static final Path CHART = Markdown.ROOT.resolve("k8s/jan-server");

    /** Such as deployment/kong, or the container after -c. */
    private static final Pattern OBJECT =
            Pattern.compile("(?:deployment|service|statefulset)/([a-z-]+)|-c ([a-z-]+)");

    private static final Pattern IMAGE = Pattern.compile("jan-server/(\\$image|[a-z-]+):local");

    private ChartCommands() {}

    /** {@code helm}: charts and files of values that are there, values that the chart has. */
    static void helm(ShellCommand command) throws IOException {
        var words = command.words();
        assertThat(words.get(1))
                .as("%s", command)
                .isIn(
                        "upgrade",
                        "install",
                        "test",
                        "uninstall",
                        "rollback",
                        "get",
                        "template",
                        "lint",
                        "history",
                        "status");
        for (int i = 2; i < words.size(); i++) {
            var word = words.get(i);
            if (word.startsWith("k8s/")) {
                assertThat(Markdown.ROOT.resolve(word)).as("%s", command).exists();
            }
            if (word.equals("--set") || word.equals("--set-file")) {
                for (var setting : words.get(i + 1).split(",")) {
                    hasValue(command, setting.replaceFirst("=.*", ""));
                }
            }
        }
    }

    /** {@code kubectl} and {@code minikube}: objects, containers and images that the chart has. */
    static void kubectl(ShellCommand command) throws IOException {
        var templates = new StringBuilder();
        try (var files = Files.walk(CHART.resolve("templates"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                templates.append(Files.readString(file));
            }
        }
        OBJECT.matcher(command.text())
                .results()
                .forEach(object -> {
                    var name = object.group(1) == null ? object.group(2) : object.group(1);
                    assertThat(templates)
                            .as("%s", command)
                            .containsPattern("name: " + name + "\\b");
                });
        var values = Files.readString(CHART.resolve("values.yaml"));
        IMAGE.matcher(command.text())
                .results()
                .map(image -> image.group(1))
                .filter(image -> !image.startsWith("$"))
                .forEach(image -> assertThat(values).contains("jan-server/" + image));
    }

    private static void hasValue(ShellCommand command, String path) throws IOException {
        @Nullable Object value = values();
        for (var name : List.of(path.split("\\."))) {
            assertThat(value).as("%s: %s", command, path).isInstanceOf(Map.class);
            var map = (Map<?, ?>) value;
            assertThat(map.containsKey(name)).as("%s: %s", command, path).isTrue();
            value = map.get(name);
            if (value instanceof Map<?, ?> free && free.isEmpty()) {
                return; // the operator's own keys
            }
        }
    }

    private static Map<String, Object> values() throws IOException {
        try (var file = Files.newBufferedReader(CHART.resolve("values.yaml"))) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
        }
    }
}
