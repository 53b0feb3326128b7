// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorIT {
    @TempDir private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Supervisor supervisor;

    @BeforeEach
    void create() {
        supervisor = supervisor();
    }

    @AfterEach
    void stop() {
        supervisor.close();
    }

    @Test
    void startsAProcessAgainThatWasKilled() throws Exception {
        var changed = new CountDownLatch(1);
        supervisor.onChange(changed::countDown);
        var child = supervisor.start(launch("sleeper", "exec sleep 600"));
        child.awaitReady();
        long first = child.pid();

        kill("-KILL", first);

        assertThat(changed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.pids().get("sleeper")).isNotEqualTo(first);
        assertThat(isAlive(child.pid())).isTrue();
        await(() -> said().contains("sleeper works again"));
        assertThat(said()).contains("sleeper ended (exit status 137)");
    }

    @Test
    void leavesAProcessAloneThatIsFrozen() throws Exception {
        var child = supervisor.start(launch("sleeper", "exec sleep 600"));
        child.awaitReady();
        long first = child.pid();

        kill("-STOP", first);
        Thread.sleep(1500);

        assertThat(child.pid()).isEqualTo(first);
        assertThat(isAlive(first)).isTrue();
    }

    @Test
    void replacesAProcessThatNoLongerAnswersWhereNobodyElseTellsItsClients() throws Exception {
        var answering = new AtomicBoolean(true);
        var asked = launch("mute", "exec sleep 600");
        var child =
                supervisor.start(
                        new Launch(
                                asked.name(),
                                asked.command(),
                                asked.environment(),
                                asked.folder(),
                                asked.wave(),
                                asked.stopSignal(),
                                answering::get,
                                Duration.ofSeconds(1),
                                asked.patience()));
        child.awaitReady();
        long first = child.pid();

        answering.set(false);

        await(() -> !isAlive(first));
        assertThat(said()).contains("mute does not answer: ending it");
        answering.set(true);
        await(() -> said().contains("mute works again"));
    }

    @Test
    void endsEverythingAFrozenProcessAndItsOffspringIncluded() throws Exception {
        var pidFile = folder.resolve("offspring");
        var child =
                supervisor.start(launch("parent", "sleep 600 & echo $! > " + pidFile + "; wait"));
        child.awaitReady();
        var frozen = supervisor.start(launch("frozen", "trap '' TERM; exec sleep 600"));
        frozen.awaitReady();
        await(() -> Files.exists(pidFile) && !read(pidFile).isEmpty());
        long offspring = Long.parseLong(read(pidFile));

        supervisor.close();

        assertThat(List.of(child.pid(), frozen.pid(), offspring))
                .allSatisfy(pid -> assertThat(isAlive(pid)).isFalse());
    }

    @Test
    void tellsTheLastWordsOfAProcessThatEndsWhileItStarts() throws Exception {
        var child =
                supervisor.start(
                        new Launch(
                                "broken",
                                List.of("sh", "-c", "echo the setting X is wrong; exit 78"),
                                Map.of("PATH", System.getenv("PATH")),
                                folder,
                                Launch.Wave.SERVICE,
                                Launch.StopSignal.TERM,
                                () -> false,
                                Launch.NEVER,
                                Duration.ofSeconds(20)));

        assertThatThrownBy(child::awaitReady)
                .isInstanceOf(ProcessFailure.class)
                .hasMessageContaining("broken ended while starting (exit status 78)")
                .hasMessageContaining("the setting X is wrong");
    }

    @Test
    void endsWhatAKilledSupervisorLeftBehind() throws Exception {
        var child = supervisor.start(launch("sleeper", "exec sleep 600"));
        long leftover = child.pid();

        var names = new ProcessRecords(folder.resolve("pids")).endLeftovers(Duration.ofSeconds(5));

        assertThat(names).containsExactly("sleeper");
        assertThat(isAlive(leftover)).isFalse();
    }

    @Test
    void sparesAProcessThatHasGotTheIdOfALeftover() throws Exception {
        var stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.createDirectories(folder.resolve("pids"));
            Files.writeString(folder.resolve("pids/postgres"), stranger.pid() + " 12345\n");

            assertThat(
                            new ProcessRecords(folder.resolve("pids"))
                                    .endLeftovers(Duration.ofSeconds(5)))
                    .isEmpty();

            assertThat(stranger.isAlive()).isTrue();
            assertThat(folder.resolve("pids/postgres")).doesNotExist();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void givesAProcessAnInputThatEndsWithTheSupervisor() throws Exception {
        var process =
                Spawn.start(
                        List.of("sh", "-c", "cat; echo the input has ended"),
                        Map.of("PATH", System.getenv("PATH")),
                        folder,
                        folder.resolve("logs/reader.log"));
        assertThat(process.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();

        process.getOutputStream().close(); // what the system does when this JVM is killed

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("logs/reader.log")).hasContent("the input has ended");
    }

    @Test
    void returnsTheOutputOfACommand() throws Exception {
        var output =
                supervisor.runWithInput(
                        "the echo",
                        List.of("sh", "-c", "cat; echo $X"),
                        Map.of("PATH", System.getenv("PATH"), "X", "y"),
                        folder,
                        "hello ",
                        Duration.ofSeconds(10));

        assertThat(output).isEqualTo("hello y\n");
    }

    @Test
    void saysWhyACommandFailed() {
        assertThatThrownBy(() ->
                        supervisor.run(
                                "the migration",
                                List.of("sh", "-c", "echo no such table; exit 3"),
                                Map.of("PATH", System.getenv("PATH")),
                                folder,
                                Duration.ofSeconds(10)))
                .isInstanceOf(ProcessFailure.class)
                .hasMessageContaining("the migration failed (exit status 3): no such table");
        assertThatThrownBy(() ->
                        supervisor.run(
                                "the download",
                                List.of("no-such-program"),
                                Map.of(),
                                folder,
                                Duration.ofSeconds(10)))
                .isInstanceOf(ProcessFailure.class)
                .hasMessageContaining("is no-such-program installed?");
    }

    @Test
    void doesNotWaitForACommandForEver() {
        assertThatThrownBy(() ->
                        supervisor.run(
                                "the build",
                                List.of("sleep", "600"),
                                Map.of("PATH", System.getenv("PATH")),
                                folder,
                                Duration.ofMillis(300)))
                .isInstanceOf(ProcessFailure.class)
                .hasMessageContaining("the build took longer");
    }

    private Supervisor supervisor() {
        return new Supervisor(
                folder.resolve("logs"),
                new Terminal(new PrintStream(said, true, StandardCharsets.UTF_8)),
                new ProcessRecords(folder.resolve("pids")),
                Duration.ofSeconds(1));
    }

    private Launch launch(String name, String script) {
        return new Launch(
                name,
                List.of("sh", "-c", script),
                Map.of("PATH", System.getenv("PATH")),
                folder,
                Launch.Wave.SERVICE,
                Launch.StopSignal.TERM,
                () -> true,
                Launch.NEVER,
                Duration.ofSeconds(20));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void kill(String signal, long pid) throws Exception {
        new ProcessBuilder("sh", "-c", "kill " + signal + " " + pid).inheritIO().start().waitFor();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
