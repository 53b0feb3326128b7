// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A setting that is written anywhere is one that a process, or Compose, reads. */
class SettingNamesTest {
    private static final Path ROOT = ComposeFile.ROOT;

    private static final Pattern READ = Pattern.compile("\"(JAN_[A-Z_]*[A-Z])\"");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(JAN_[A-Z_]*[A-Z])");
    private static final Pattern WRITTEN =
            Pattern.compile("(?<![A-Z_])JAN_[A-Z_]*[A-Z](?![A-Z_…])");

    /** In examples: what the reader has put there. */
    private static final String READERS = "JAN_API_KEY";

    private static final List<String> PLACES =
            List.of(
                    "compose",
                    "images",
                    "docs",
                    "k8s",
                    ".github",
                    "kong.yml",
                    "kong.conf",
                    "README.md",
                    "CHANGELOG.md",
                    "Makefile",
                    "config");

    @Test
    void areReadSomewhere() throws Exception {
        var known = new TreeSet<>(Set.of(READERS));
        for (var source : files("src/main/java", ".java")) {
            READ.matcher(Files.readString(source))
                    .results()
                    .forEach(name -> known.add(name.group(1)));
        }
        VARIABLE.matcher(Files.readString(ComposeFile.FOLDER.resolve("compose.yaml")))
                .results()
                .forEach(name -> known.add(name.group(1)));
        assertThat(known).contains("JAN_DATABASE_URL", "JAN_GATEWAY_PORT", "JAN_GATEWAY_BIND");

        var unknown = new ArrayList<String>();
        for (var file : written()) {
            WRITTEN.matcher(Files.readString(file))
                    .results()
                    .map(name -> name.group())
                    .filter(name -> !known.contains(name.replaceFirst("_FILE$", "")))
                    .filter(name -> !known.contains(name))
                    .forEach(name -> unknown.add(ROOT.relativize(file) + ": " + name));
        }
        assertThat(unknown).isEmpty();
    }

    private static List<Path> written() throws IOException {
        var all = new ArrayList<Path>();
        for (var place : PLACES) {
            if (Files.exists(ROOT.resolve(place))) {
                try (var files = Files.walk(ROOT.resolve(place))) {
                    files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains("/target/"))
                            .filter(file -> !file.getFileName().toString().startsWith(".env"))
                            .forEach(all::add);
                }
            }
        }
        return all;
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        var all = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (var module : modules.map(each -> each.resolve(folder)).toList()) {
                if (Files.isDirectory(module)) {
                    try (var files = Files.walk(module)) {
                        files.filter(file -> file.toString().endsWith(ending)).forEach(all::add);
                    }
                }
            }
        }
        return all;
    }
}
