// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The workflows, which run elsewhere: their form, and what they name of this repository. */
class WorkflowsTest {
    private static final List<Path> WORKFLOWS =
            List.of(
                    ComposeFile.ROOT.resolve(".github/workflows/docker.yml"),
                    ComposeFile.ROOT.resolve("docs/examples/deck.yml"));

    private static final Pattern MAKE = Pattern.compile("(?m)^\\s*make ([a-z-]+)$");
    private static final Pattern FILE =
            Pattern.compile("(?<![\\w/.])((?:compose|config|images)/[\\w./-]+|kong\\.yml)");

    @Test
    void haveStepsThatUseAnActionOrRunACommand() throws Exception {
        for (var workflow : WORKFLOWS) {
            var document = read(workflow);
            // `on` is a boolean of YAML 1.1
            assertThat(document).as("%s", workflow).containsKeys("name", "jobs").containsKey(true);
            map(document.get("jobs"))
                    .forEach((name, job) -> {
                        assertThat(map(job)).as("%s", name).containsKeys("runs-on", "steps");
                        for (var step : (List<?>) map(job).get("steps")) {
                            assertThat(map(step))
                                    .satisfiesAnyOf(
                                            uses ->
                                                    assertThat(String.valueOf(uses.get("uses")))
                                                            .matches("[a-z/-]+@v\\d+"),
                                            runs ->
                                                    assertThat(runs.get("run"))
                                                            .isInstanceOf(String.class));
                        }
                    });
        }
    }

    @Test
    void haveCommandsThatAShellCanRead() throws Exception {
        for (var workflow : WORKFLOWS) {
            for (var job : map(read(workflow).get("jobs")).values()) {
                for (var step : (List<?>) map(job).get("steps")) {
                    if (map(step).get("run") instanceof String script) {
                        assertThat(status("bash", "-n", "-c", script)).as(script).isZero();
                    }
                }
            }
        }
    }

    @Test
    void nameTargetsAndFilesThatAreThere() throws Exception {
        var targets = new TreeSet<String>();
        for (var workflow : WORKFLOWS) {
            var text = Files.readString(workflow);
            MAKE.matcher(text.replaceAll("run: make", "\nmake"))
                    .results()
                    .forEach(target -> targets.add(target.group(1)));
            FILE.matcher(text)
                    .results()
                    .forEach(file -> assertThat(ComposeFile.ROOT.resolve(file.group(1))).exists());
        }

        assertThat(targets).contains("images", "up-full", "reload", "monitor-up", "up-deck");
        for (var target : targets) {
            assertThat(status("make", "--dry-run", target)).as(target).isZero();
        }
    }

    @Test
    void useTheVersionOfDeckThatComposeUses() throws Exception {
        var deck = ComposeFile.read().service("deck").image();
        var example = Files.readString(WORKFLOWS.getLast());

        assertThat(example).contains(deck);
        assertThat(example)
                .contains(
                        "diff --non-zero-exit-code", "gateway sync", "file lint", "file validate");
    }

    @Test
    void nothingUsesKongConfigWhichFailsWithExternalPlugins() throws Exception {
        for (var place :
                List.of("compose", "config", "images", "k8s", ".github", "docs/examples")) {
            if (Files.exists(ComposeFile.ROOT.resolve(place))) {
                try (var files = Files.walk(ComposeFile.ROOT.resolve(place))) {
                    for (var file : files.filter(Files::isRegularFile).toList()) {
                        assertThat(Files.readString(file))
                                .as("%s", file)
                                .doesNotContain("kong config ");
                    }
                }
            }
        }
    }

    private static int status(String... command) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(command)
                        .directory(ComposeFile.ROOT.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static Map<Object, Object> read(Path workflow) throws IOException {
        try (var file = Files.newBufferedReader(workflow)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> map(Object yaml) {
        return (Map<Object, Object>) yaml;
    }
}
