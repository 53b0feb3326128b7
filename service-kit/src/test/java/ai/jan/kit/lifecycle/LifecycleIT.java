// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LifecycleIT {
    @Test
    void aCommandEndsWithZero() throws Exception {
        var process = process("command").start();
        assertThat(text(process)).isEqualTo("done\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aWrongCommandLineIs64() throws Exception {
        assertFails(process("sevre"), 64, "usage: command | serve");
    }

    @Test
    void aWrongConfigurationIs78WithEveryProblem() throws Exception {
        assertFails(process("settings"), 78, "JAN_ONE is missing", "JAN_TWO is missing");
    }

    @Test
    void somethingThatIsNotAvailableIs69() throws Exception {
        assertFails(process("unavailable"), 69, "the port is taken");
    }

    @Test
    void aFaultOfOursIs70() throws Exception {
        assertFails(process("bug"), 70, "IllegalStateException: a bug");
    }

    /** OpenTelemetry logs by java.util.logging. */
    @Test
    void spansThatNobodyTakesAreOneLineOfJson() throws Exception {
        var builder = process("spans");
        builder.environment()
                .putAll(
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1",
                                "OTEL_EXPORTER_OTLP_TIMEOUT", "1000",
                                "OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED", "true",
                                "OTEL_TRACES_SAMPLER_ARG", "1.0",
                                "OTEL_BSP_SCHEDULE_DELAY", "20"));
        var process = builder.start();
        var errors = new String(process.getErrorStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(errors.lines()).hasSize(1);
        var line = Json.parse(errors);
        assertThat(line.path("level").asText()).isEqualTo("ERROR");
        assertThat(line.path("message").asText()).startsWith("Failed to export");
    }

    @Test
    void aSignalClosesThePartsInReverseAndEndsWithZero() throws Exception {
        var process = process("serve").start();
        awaitReady(process);
        process.toHandle().destroy();
        assertThat(text(process)).isEqualTo("closed second\nclosed first\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void endsWhenStandardInputDoesIfAskedTo() throws Exception {
        var builder = process("serve");
        builder.environment().put("JAN_STOP_ON_STDIN_EOF", "true");
        var process = builder.start();
        awaitReady(process);
        Thread.sleep(600); // an end within the first half second is taken for /dev/null
        process.getOutputStream().close();
        assertThat(text(process)).isEqualTo("closed second\nclosed first\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void anInputThatWasNeverOpenIsNoReasonToEnd() throws Exception {
        var builder = process("serve").redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("JAN_STOP_ON_STDIN_EOF", "true");
        var process = builder.start();
        awaitReady(process);
        assertThat(process.waitFor(1, TimeUnit.SECONDS)).isFalse();
        process.toHandle().destroy();
        assertThat(process.waitFor()).isZero();
    }

    private static void assertFails(ProcessBuilder builder, int status, String... lines)
            throws Exception {
        var process = builder.start();
        var errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(errors).contains(lines);
        assertThat(process.waitFor()).isEqualTo(status);
    }

    private static void awaitReady(Process process) throws IOException {
        assertThat(new String(process.getInputStream().readNBytes(6), UTF_8)).isEqualTo("ready\n");
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    private static ProcessBuilder process(String argument) {
        return new ProcessBuilder(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestingProgram.class.getName(),
                        argument));
    }
}
