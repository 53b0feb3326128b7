// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that runs to its end, such as a download or the migration. */
final class Tool {
    private static final int MAX_OUTPUT = 64 * 1024;

    private Tool() {}

    static String run(
            Supervisor supervisor,
            String what,
            List<String> command,
            Map<String, String> environment,
            Path folder,
            Path logs,
            String input,
            Duration deadline)
            throws InterruptedException {
        var log = logs.resolve(what.replaceAll("[^A-Za-z0-9]+", "-") + ".log");
        Process process;
        try {
            Files.createDirectories(logs);
            process = start(command, environment, folder, log);
        } catch (IOException e) {
            throw ProcessFailure.unavailable(
                    what
                            + " cannot be run: is "
                            + command.getFirst()
                            + " installed? ("
                            + e.getMessage()
                            + ")");
        }
        supervisor.toolStarted(process);
        try {
            var output = new Output(process.getInputStream());
            give(process, input);
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ProcessFailure.unavailable(
                        what
                                + " took longer than "
                                + deadline.toSeconds()
                                + " s: "
                                + LogTail.of(log));
            }
            if (process.exitValue() != 0) {
                keep(output.text(), log);
                throw ProcessFailure.unavailable(
                        what
                                + " failed (exit status "
                                + process.exitValue()
                                + "): "
                                + LogTail.of(log));
            }
            return output.text();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            supervisor.toolEnded(process);
        }
    }

    /** What a command that failed said is no secret, and often tells why. */
    private static void keep(String output, Path log) {
        try {
            Files.writeString(log, output, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its errors go to the log; its output does not, as it may be a secret. */
    private static Process start(
            List<String> command, Map<String, String> environment, Path folder, Path log)
            throws IOException {
        var builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectError(ProcessBuilder.Redirect.to(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void give(Process process, String input) {
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // it ended without reading; its exit status tells why
        }
    }

    /** Drains a pipe, so that the command never waits for us, and keeps its beginning. */
    private static final class Output {
        private final Thread reader;
        private byte[] head = {};

        Output(InputStream pipe) {
            reader =
                    Thread.ofVirtual()
                            .name("output")
                            .start(() -> {
                                try (pipe) {
                                    head = pipe.readNBytes(MAX_OUTPUT);
                                    pipe.skip(Long.MAX_VALUE);
                                } catch (IOException e) {
                                    // the process is gone; what it said so far is kept
                                }
                            });
        }

        String text() throws InterruptedException {
            reader.join(Duration.ofSeconds(5));
            return new String(head, StandardCharsets.UTF_8);
        }
    }
}
