// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The script of {@code helm test}, asking the platform on this machine. */
@ExtendWith(SharedStack.class)
class SmokeTestIT {
    private static final Path SCRIPT = Path.of("../k8s/jan-server/files/smoke-test");

    @Test
    void findsThatThePlatformAnswers(SharedStack.Running running) throws Exception {
        var asked = ask(running.stack().gateway(), "guests");

        assertThat(asked.output()).endsWith("the platform answers\n");
        assertThat(asked.status()).isZero();
    }

    @Test
    void saysWhatIsWrongWithSomethingElse(SharedStack.Running running) throws Exception {
        var asked = ask(running.model().url(), "guests");

        assertThat(asked.status()).isEqualTo(1);
        assertThat(asked.output()).contains("GET /healthz: 404 instead of 200");
    }

    private static Asked ask(URI address, String guests) throws Exception {
        var script =
                new ProcessBuilder(
                                "bash",
                                SCRIPT.toString(),
                                address.getHost(),
                                String.valueOf(address.getPort()),
                                guests)
                        .redirectErrorStream(true)
                        .start();
        var output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(script.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Asked(script.exitValue(), output);
    }

    private record Asked(int status, String output) {}
}
