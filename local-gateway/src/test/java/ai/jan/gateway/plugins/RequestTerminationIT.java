// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestTerminationIT {
    @TempDir Path folder;

    @Test
    void answersInPlaceOfTheServiceWhereTriggered() throws Exception {
        try (var gateway =
                new PluginGateway(
                        folder,
                        "{name: request-termination, config: {trigger: X-Stop, status_code: 501,"
                                + " content_type: text/x, body: later}}")) {
            assertThat(gateway.send("GET").status()).isEqualTo(200);
            gateway.upstream().take();
            var answer = gateway.send("GET", "X-Stop: 1");
            assertThat(answer.status()).isEqualTo(501);
            assertThat(answer.header("Content-Type")).isEqualTo("text/x");
            assertThat(answer.text()).isEqualTo("later");
            assertThat(gateway.upstream().take()).isEmpty();
        }
    }
}
