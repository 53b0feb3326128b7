// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart's files, as far as no Helm is needed to read them. */
class ChartFilesTest {
    private static final Path FILES = Chart.FOLDER.resolve("files");

    @ParameterizedTest
    @CsvSource({
        "kong.yml, kong.yml",
        "kong.conf, kong.conf",
        "error.json, kong/error.json",
        "realm-jan.json, keycloak-realm/realm-jan.json",
        "keycloak-start, compose/keycloak/start",
        "jan.sh, compose/postgres/jan.sh",
        "backends.yml, compose/backends.yml",
        "searxng.yml, compose/searxng/settings.yml",
        "monitoring, compose/monitoring",
    })
    void areTheRepositorysOwn(String link, String original) throws IOException {
        assertThat(Files.isSameFile(FILES.resolve(link), ComposeFile.ROOT.resolve(original)))
                .as("a link, so that there is one file only")
                .isTrue();
    }

    @Test
    void areAllThatTemplatesAskFor() throws IOException {
        var asked = new TreeSet<String>();
        var file = Pattern.compile("\"(files/[a-z.-]+)\"");
        try (var templates = Files.walk(Chart.FOLDER.resolve("templates"))) {
            for (var template : templates.filter(Files::isRegularFile).toList()) {
                file.matcher(Files.readString(template))
                        .results()
                        .forEach(match -> asked.add(match.group(1)));
            }
        }

        assertThat(asked)
                .hasSizeGreaterThan(7)
                .allSatisfy(path -> assertThat(Chart.FOLDER.resolve(path)).exists());
    }

    @Test
    void haveATableOfAllValuesInTheReference() throws Exception {
        var check =
                new ProcessBuilder("sh", "k8s/reference", "--check")
                        .directory(ComposeFile.ROOT.toFile())
                        .redirectErrorStream(true)
                        .start();
        var output =
                new String(
                        check.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);

        assertThat(check.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(check.exitValue()).as(output).isZero();
    }
}
