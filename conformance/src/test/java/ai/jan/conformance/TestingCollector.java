// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A real OpenTelemetry Collector between the platform and {@link TestingTraces}, where one was
 * built ({@code config/monitoring/collector/build}).
 */
final class TestingCollector implements AutoCloseable {
    private static final Path PROGRAM = Path.of("../.tools/otelcol").toAbsolutePath().normalize();
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    private TestingCollector(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Passes all on; nothing where there is no such program. */
    static Optional<TestingCollector> before(TestingTraces traces)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            return Optional.empty();
        }
        int port = Processes.freePort();
        var config = Files.createTempFile(Path.of("target"), "collector", ".yml");
        Files.writeString(
                config,
                """
                receivers:
                  otlp: { protocols: { http: { endpoint: "127.0.0.1:%d" } } }
                processors:
                  batch: { timeout: 100ms }
                exporters:
                  otlp_http: { endpoint: "%s" }
                service:
                  pipelines:
                    traces: { receivers: [otlp], processors: [batch], exporters: [otlp_http] }
                  telemetry: { metrics: { level: none } }
                """
                        .formatted(port, traces.endpoint()));
        var process =
                new ProcessBuilder(PROGRAM.toString(), "--config", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(Path.of("target/collector.out").toFile())
                        .start();
        var collector = new TestingCollector(process, port);
        collector.awaitStart();
        return Optional.of(collector);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        Processes.end(process, Duration.ofSeconds(10));
    }

    private void awaitStart() throws IOException, InterruptedException {
        var deadline = Instant.now().plus(START);
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                    close();
                    throw new IOException(
                            "the collector did not start: "
                                    + Files.readString(Path.of("target/collector.out")),
                            e);
                }
                Thread.sleep(50);
            }
        }
    }
}
