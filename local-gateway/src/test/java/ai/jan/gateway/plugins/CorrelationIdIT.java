// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrelationIdIT {
    @TempDir Path folder;

    @Test
    void givesServiceAndClientTheSameId() throws Exception {
        try (var gateway =
                new PluginGateway(
                        folder,
                        "{name: correlation-id, config: {header_name: X-Id, generator: uuid,"
                                + " echo_downstream: true}}")) {
            var id = gateway.send("GET").header("X-Id");
            assertThat(id).hasSize(36);
            assertThat(gateway.upstream().next().header("X-Id")).contains(id);
            assertThat(gateway.send("GET", "X-Id: mine").header("X-Id")).isEqualTo("mine");
            assertThat(gateway.upstream().next().header("X-Id")).contains("mine");
        }
    }
}
