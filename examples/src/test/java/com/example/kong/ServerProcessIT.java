// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.PluginDump;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The process as Kong starts it, and Kong's side of its socket. */
@Timeout(60)
class ServerProcessIT {
    private static final PluginEntity HELLO =
            PluginEntity.global(
                    "00000000-0000-4000-8000-000000000001",
                    "hello-header",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("name", "Ada")
                            .put("header", "X-Hello"),
                    1);

    private final Path folder = temporaryFolder();
    private final Path socket = folder.resolve("s");
    private Process process;

    @AfterEach
    void stop() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        Files.deleteIfExists(socket);
        Files.delete(folder);
    }

    @Test
    void servesKongAndEndsWhenAsked() throws Exception {
        start(Redirect.PIPE);
        assertEquals(new EventOutcome.Completed(), access());

        process.destroy(); // SIGTERM

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertFalse(Files.exists(socket));
    }

    @Test
    void endsWithTheWorkerThatStartedIt() throws Exception {
        start(Redirect.PIPE);
        assertEquals(new EventOutcome.Completed(), access());
        Thread.sleep(600); // an end at the very start has another meaning, see below

        process.getOutputStream().close(); // as when the worker is killed

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        assertFalse(Files.exists(socket));
    }

    @Test
    void needsNobodyAtItsStandardInput() throws Exception {
        start(Redirect.from(Path.of("/dev/null").toFile()));
        Thread.sleep(1000);

        assertEquals(new EventOutcome.Completed(), access());
    }

    @Test
    void theBuildWroteWhatKongAsksFor() throws Exception {
        for (var plugin : Main.PLUGINS) {
            assertEquals(
                    PluginDump.of(plugin).toJson(),
                    Files.readString(Path.of("target/dump", plugin.name() + ".json")));
        }
    }

    private EventOutcome access() throws Exception {
        try (var worker = new KongWorker(socket, Timeouts.of(Duration.ofSeconds(10)))) {
            return worker.run(
                    HELLO,
                    Phase.ACCESS,
                    (method, argument) -> method.name().endsWith("get_path") ? "/" : null);
        }
    }

    private void start(Redirect input) throws Exception {
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "serve",
                                "--socket",
                                socket.toString())
                        .redirectInput(input)
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start();
        while (!Files.exists(socket)) {
            assertTrue(process.isAlive());
            Thread.sleep(20);
        }
    }

    /** In a short place: a socket's path has at most 107 bytes. */
    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "kong");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
