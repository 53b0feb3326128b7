// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the commands of the pages that need no Docker, in a fresh copy of the repository, as
 * somebody would who has just cloned it. Those of {@code .ci/run} are run by that; those that start
 * containers are looked at by {@link DocumentedCommandsTest} only.
 */
@Tag("deploy")
class DocumentedCommandsIT {
    private static final Duration LONGEST = Duration.ofMinutes(9);
    private static final Path COPY = Path.of("target", "copy").toAbsolutePath();
    private static final Path LOG = Path.of("target", "copy.log").toAbsolutePath();

    private static final List<String> PAGES =
            List.of(
                    "docs/guides/development.md",
                    "docs/guides/deployment.md",
                    "k8s/README.md",
                    "k8s/SETUP.md");

    /** Built, kept or fetched on this machine: not part of a clone. */
    private static final Set<String> NOT_CLONED =
            Set.of(".git", ".jan", ".tools", "target", "node_modules");

    /** Run by {@code .ci/run} itself, or of the same kind as a test run. */
    private static final Set<String> OF_CI =
            Set.of(
                    "build",
                    "test",
                    "soak",
                    "check",
                    "check-deploy",
                    "check-examples",
                    "conformance");

    @BeforeAll
    static void copyRepository() throws Exception {
        assertThat(status("rm -rf '" + COPY + "'", Path.of(".").toAbsolutePath())).isZero();
        Files.walkFileTree(
                Markdown.ROOT,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        if (NOT_CLONED.contains(folder.getFileName().toString())) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Files.createDirectories(there(folder));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (!file.endsWith("compose/.env")) {
                            Files.copy(file, there(file), StandardCopyOption.COPY_ATTRIBUTES);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Test
    void doWhatTheirPagesSay() throws Exception {
        // Each target that starts containers begins with it, so readers have the file.
        runs("make env");

        int run = 0;
        for (var page : Markdown.all()) {
            if (!PAGES.contains(page.name())) {
                continue;
            }
            var exported = new StringBuilder();
            for (var command : ShellCommand.of(page)) {
                if (command.program().equals("export")) {
                    exported.append(command.text()).append('\n');
                } else if (isForHere(command)) {
                    run++;
                    if (command.text().equals("make run")) {
                        startsAndStops();
                    } else {
                        runs(exported + command.text());
                    }
                }
            }
        }
        assertThat(run).isGreaterThanOrEqualTo(6);
        assertThat(COPY.resolve("compose/.env"))
                .hasSameTextualContentAs(COPY.resolve("env.backup"));
    }

    private static boolean isForHere(ShellCommand command) throws Exception {
        var words = command.words();
        return switch (command.program()) {
            case "mvn", "cp", "sh" -> true;
            case "make" -> !OF_CI.contains(words.get(1)) && !needsDocker(words.get(1));
            default -> false;
        };
    }

    private static boolean needsDocker(String target) throws Exception {
        runs("make --dry-run " + target);
        return Files.readString(LOG).contains("docker compose");
    }

    /** {@code make run}, until it says how to chat; then {@code make stop} from elsewhere. */
    private static void startsAndStops() throws Exception {
        var process =
                shell("make run").redirectErrorStream(true).redirectOutput(LOG.toFile()).start();
        try {
            var deadline = Instant.now().plus(LONGEST);
            while (!Files.exists(COPY.resolve(".jan/stack.json"))) {
                assertThat(process.isAlive()).as(Files.readString(LOG)).isTrue();
                assertThat(Instant.now()).as(Files.readString(LOG)).isBefore(deadline);
                Thread.sleep(500);
            }
            runs("make stop");
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("make run ends").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static void runs(String command) throws Exception {
        assertThat(status(command, COPY)).as(() -> command + "\n" + log()).isZero();
    }

    private static int status(String command, Path folder) throws Exception {
        var process =
                shell(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(LOG.toFile())
                        .start();
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            throw new AssertionError(command + " did not end\n" + log());
        }
        return process.exitValue();
    }

    private static ProcessBuilder shell(String command) {
        var builder = new ProcessBuilder("sh", "-euc", command).directory(COPY.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JAN_"));
        builder.environment()
                .putAll(
                        Map.of(
                                "JAN_DIST",
                                Markdown.ROOT.resolve(".jan/dist").toString(),
                                "JAN_MODEL",
                                "scripted"));
        for (var service :
                List.of(
                        "GATEWAY",
                        "STATUS",
                        "LLM_API",
                        "MCP_TOOLS",
                        "KEYCLOAK",
                        "KEYCLOAK_MANAGEMENT",
                        "DATABASE",
                        "MODEL")) {
            builder.environment().put("JAN_" + service + "_PORT", "0");
        }
        return builder;
    }

    private static Path there(Path file) {
        return COPY.resolve(Markdown.ROOT.relativize(file));
    }

    private static String log() {
        try {
            return Files.readString(LOG);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
