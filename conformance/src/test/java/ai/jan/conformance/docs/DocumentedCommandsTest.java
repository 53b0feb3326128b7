// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ai.jan.conformance.Pasted;
import ai.jan.conformance.deployment.ComposeFile;
import ai.jan.conformance.deployment.Dockerfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every command of every page is of a kind that is held by a test, and what it names exists. Those
 * that need no Docker are run, too: by {@link DocumentedCommandsIT}, by {@link Pasted} and its
 * callers, or by {@code .ci/run}.
 */
class DocumentedCommandsTest {
    /** In a table or a sentence. */
    private static final Pattern MENTIONED_TARGET = Pattern.compile("`make ([a-z][a-z-]*)[^`]*`");

    /** Options of Compose's commands that the pages use. */
    private static final Set<String> COMPOSE_OPTIONS =
            Set.of("-T", "--rm", "--build", "--wait", "--detach", "--no-color");

    private final ComposeFile compose = ComposeFile.read();

    DocumentedCommandsTest() throws IOException {}

    @Test
    void areOfAKindThatIsHeld() throws Exception {
        var targets = new TreeSet<String>();
        int commands = 0;
        for (var page : Markdown.all()) {
            for (var command : ShellCommand.of(page)) {
                commands++;
                switch (command.program()) {
                    case "make" -> targets.addAll(arguments(command));
                    case "docker" -> namesWhatComposeHas(command);
                    case "mvn" -> namesModulesAndTests(command);
                    case "curl", "for", "conversation=$(curl", "token=$(curl" ->
                            asksOrRepeats(command);
                    case "helm" -> ChartCommands.helm(command);
                    case "kubectl", "minikube", "JAN_API_KEY=$(kubectl" ->
                            ChartCommands.kubectl(command);
                    case "java" -> isOfTheExamples(command);
                    case "sh" ->
                            assertThat(Markdown.ROOT.resolve(command.words().get(1)))
                                    .as("%s", command)
                                    .isRegularFile();
                    case "cat", "cp", "export", "git" -> {} // of this machine, and nothing of ours
                    default -> fail("no test knows how to hold " + command);
                }
            }
        }
        assertThat(commands).isGreaterThan(25);
        areTargetsOfMake(targets);
    }

    @Test
    void ofMakeInSentencesAndTablesAreTargets() throws Exception {
        var targets = new TreeSet<String>();
        for (var page : Markdown.all()) {
            for (var line : page.lines()) {
                MENTIONED_TARGET
                        .matcher(line)
                        .results()
                        .forEach(match -> targets.add(match.group(1)));
            }
        }
        assertThat(targets).contains("run", "up-full", "check-deploy").hasSizeGreaterThan(20);
        areTargetsOfMake(targets);
    }

    /** Requests are pasted by another test, but for those to a cluster: these are README's. */
    private static void asksOrRepeats(ShellCommand command) throws IOException {
        if (command.page().startsWith("k8s/")) {
            if (command.text().contains("minikube")) {
                ChartCommands.kubectl(command);
            } else {
                assertThat(Files.readString(Markdown.ROOT.resolve("README.md")))
                        .as("%s", command)
                        .contains(
                                command.words().stream()
                                        .filter(word -> word.startsWith("http://localhost:8000/"))
                                        .findFirst()
                                        .orElseThrow()
                                        .substring("http://localhost:8000".length()));
            }
        } else {
            assertThat(Pasted.PAGES).as("%s", command).contains(command.page());
        }
    }

    private static List<String> arguments(ShellCommand command) {
        return command.words().subList(1, command.words().size());
    }

    private static void areTargetsOfMake(Set<String> targets) throws Exception {
        var command = new ArrayList<>(List.of("make", "--dry-run"));
        command.addAll(targets);
        var output = Files.createTempFile("make", ".out");
        var make =
                new ProcessBuilder(command)
                        .directory(Markdown.ROOT.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(make.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(make.exitValue()).as(Files.readString(output)).isZero();
    }

    private void namesWhatComposeHas(ShellCommand command) throws IOException {
        var words = new ArrayList<>(command.words());
        assertThat(words.subList(0, 4))
                .as("%s", command)
                .containsExactly("docker", "compose", "-f", "compose/compose.yaml");
        words.subList(0, 4).clear();
        while (words.getFirst().equals("--profile")) {
            assertThat(compose.services())
                    .anyMatch(service -> service.profiles().contains(words.get(1)));
            words.subList(0, 2).clear();
        }
        assertThat(words.removeFirst()).as("%s", command).isIn("exec", "run", "stop", "logs");
        while (words.getFirst().startsWith("-")) {
            assertThat(COMPOSE_OPTIONS).as("%s", command).contains(words.removeFirst());
        }
        var service = words.removeFirst();
        assertThat(compose.named()).as("%s", command).containsKey(service);
        if (words.contains("-jar")) {
            startsAsTheImageDoes(command, service, words);
        }
    }

    private void startsAsTheImageDoes(ShellCommand command, String service, List<String> words)
            throws IOException {
        var entrypoint = Dockerfile.target(compose.service(service).target()).entrypoint();
        assertThat(words.subList(0, entrypoint.size())).as("%s", command).isEqualTo(entrypoint);
    }

    private static void namesModulesAndTests(ShellCommand command) throws IOException {
        var words = arguments(command);
        var modules = words.get(words.indexOf("-pl") + 1).split(",");
        for (var module : modules) {
            assertThat(Markdown.ROOT.resolve(module + "/pom.xml")).as("%s", command).exists();
        }
        for (var word : words) {
            if (word.startsWith("-Dtest=")) {
                var test = word.substring("-Dtest=".length()) + ".java";
                try (Stream<Path> files = Files.walk(Markdown.ROOT.resolve(modules[0] + "/src"))) {
                    assertThat(files.map(file -> file.getFileName().toString()))
                            .as("%s", command)
                            .contains(test);
                }
            }
        }
    }

    /** The guide's own jar; {@code make check-examples} builds it as its reader does. */
    private static void isOfTheExamples(ShellCommand command) throws IOException {
        var jar = command.words().get(command.words().indexOf("-jar") + 1);
        assertThat(Files.readString(Markdown.ROOT.resolve("config/check-examples")))
                .as("%s", command)
                .contains(jar);
    }
}
