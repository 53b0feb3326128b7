// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the guides show is what is compiled and tested. */
class GuideTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern SOURCE = Pattern.compile("<!-- (\\S+): (\\S+) -->");

    /** Blocks that are a person's to type, or are not code of ours. */
    private static final List<String> FREE = List.of("```sh", "```");

    @Test
    void codeInGuidesIsCutOutOfTheExamples() throws Exception {
        try (var guides = Files.list(ROOT.resolve("docs/guides"))) {
            var all = guides.filter(file -> file.toString().endsWith(".md")).toList();
            assertThat(all).isNotEmpty();
            for (var guide : all) {
                assertThat(Files.readString(guide)).as("%s", guide).isEqualTo(withSources(guide));
            }
        }
    }

    @Test
    void theExamplesFilesNameThePluginsThatAreBuilt() throws Exception {
        var examples = ROOT.resolve("examples");
        var conf = Files.readString(examples.resolve("kong.conf"));
        var compose = Files.readString(examples.resolve("compose.yaml"));
        var image = Files.readString(examples.resolve("Dockerfile"));
        try (var dumps = Files.list(examples.resolve("target/dump"))) {
            var names =
                    dumps.map(dump -> dump.getFileName().toString().replace(".json", "")).toList();
            assertThat(names).hasSize(3);
            for (var name : names) {
                var key = "pluginserver_" + name.replace('-', '_');
                assertThat(conf)
                        .contains(
                                key + "_socket = /run/plugins/java.socket",
                                key + "_query_cmd = cat /opt/plugins/dump/" + name + ".json");
                assertThat(listed(conf, "plugins")).contains(name);
                assertThat(listed(conf, "pluginserver_names")).contains(name);
            }
        }
        assertThat(image).contains("/run/plugins/java.socket", "/opt/plugins/dump/");
        assertThat(compose).contains("socket:/run/plugins", "dump:/opt/plugins/dump");
    }

    /** The page as it is when all of its blocks are cut out anew. */
    private static String withSources(Path guide) throws IOException {
        var page = new StringBuilder();
        var lines = Files.readAllLines(guide);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            page.append(line).append('\n');
            var source = SOURCE.matcher(line);
            if (source.matches()) {
                page.append(block(source.group(1), region(source.group(1), source.group(2))));
                i = endOfBlock(lines, i + 1);
            } else if (line.startsWith("```")) {
                assertThat(FREE).as("%s line %d", guide, i + 1).contains(line);
                int end = endOfBlock(lines, i);
                lines.subList(i + 1, end + 1).forEach(each -> page.append(each).append('\n'));
                i = end;
            }
        }
        return page.toString();
    }

    private static String block(String file, List<String> code) {
        var extension = file.substring(file.lastIndexOf('.') + 1);
        var language =
                switch (extension) {
                    case "java", "yaml" -> extension;
                    case "conf" -> "ini";
                    default -> "dockerfile";
                };
        return "```" + language + "\n" + String.join("\n", code) + "\n```\n";
    }

    /** The line that ends a block; the line before if there is no block. */
    private static int endOfBlock(List<String> lines, int start) {
        if (start >= lines.size() || !lines.get(start).startsWith("```")) {
            return start - 1;
        }
        int end = start + 1;
        while (!lines.get(end).equals("```")) {
            end++;
        }
        return end;
    }

    private static List<String> region(String file, String name) throws IOException {
        var region = new ArrayList<String>();
        boolean inside = false;
        for (var line : Files.readAllLines(ROOT.resolve(file))) {
            if (line.strip().matches("(//|#) end " + name)) {
                assertThat(region).isNotEmpty();
                return region.stream()
                        .map(each -> each.indent(-indent(region)).stripTrailing())
                        .toList();
            }
            if (inside) {
                region.add(line);
            }
            inside |= line.strip().matches("(//|#) begin " + name);
        }
        throw new AssertionError("no region " + name + " in " + file);
    }

    private static int indent(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
    }

    private static List<String> listed(String conf, String key) {
        return conf.lines()
                .filter(line -> line.startsWith(key + " = "))
                .flatMap(line -> List.of(line.substring(key.length() + 3).split(",")).stream())
                .toList();
    }
}
