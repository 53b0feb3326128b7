// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import ai.jan.database.DatabaseSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** llm-api-lite as a process of its own, as operators start it, which can be killed. */
final class LlmApiProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2); // on a busy machine

    private final ProcessBuilder builder;
    private final int port;
    private Process process;

    private LlmApiProcess(ProcessBuilder builder, int port) throws IOException {
        this.builder = builder;
        this.port = port;
        this.process = builder.start();
    }

    /**
     * @param folder for its backends file and its log
     * @param model a server that knows {@link TestingLlmApi#MODEL}
     */
    static LlmApiProcess start(Path folder, DatabaseSettings storage, URI model)
            throws IOException {
        int port = freePort();
        var backends =
                Files.writeString(
                        folder.resolve("backends.yml"),
                        "backends: [{name: one, url: '%s', models: [{id: %s, upstream_id: upstream}]}]"
                                .formatted(model, TestingLlmApi.MODEL));
        var builder =
                command(
                        "serve",
                        Map.of(
                                "JAN_HTTP_PORT", String.valueOf(port),
                                "JAN_DATABASE_URL", storage.url(),
                                "JAN_DATABASE_USER", storage.user(),
                                "JAN_DATABASE_PASSWORD", storage.password().reveal(),
                                "JAN_IDENTITY_KEY_LLM_API_LITE", TestingLlmApi.SECRET,
                                "JAN_BACKENDS_FILE", backends.toString(),
                                "JAN_STOP_ON_STDIN_EOF", "true")); // it ends when we do
        builder.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(port + ".log").toFile()));
        return new LlmApiProcess(builder, port);
    }

    /** The process, with the given settings and no others. */
    static ProcessBuilder command(String command, Map<String, String> environment) {
        var builder =
                new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                command));
        builder.environment().keySet().removeIf(name -> name.startsWith("JAN_"));
        builder.environment().putAll(environment);
        return builder;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Waits until it can be reached. */
    LlmApiProcess awaitStart() throws IOException, InterruptedException {
        var deadline = Instant.now().plus(START);
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return this;
            } catch (IOException e) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    /** By SIGKILL, in the middle of whatever it does; another takes its place. */
    void killAndStartAgain() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = builder.start();
        awaitStart();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
