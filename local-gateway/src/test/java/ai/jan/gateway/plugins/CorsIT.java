// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorsIT {
    private static final String PLUGIN =
            "{name: cors, config: {origins: ['http://a.test', 'http://b.test'], credentials: true,"
                    + " exposed_headers: [X-E]}}";

    @TempDir Path folder;

    @Test
    void namesAnAllowedOriginAndNoOther() throws Exception {
        try (var gateway = new PluginGateway(folder, PLUGIN)) {
            var allowed = gateway.send("GET", "Origin: http://b.test");
            assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("http://b.test");
            assertThat(allowed.header("Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(allowed.header("Access-Control-Expose-Headers")).isEqualTo("X-E");
            var other = gateway.send("GET", "Origin: http://c.test");
            assertThat(other.status()).isEqualTo(200);
            assertThat(other.header("Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @Test
    void answersPreflightsItself() throws Exception {
        try (var gateway = new PluginGateway(folder, PLUGIN)) {
            var answer =
                    gateway.send(
                            "OPTIONS",
                            "Origin: http://a.test",
                            "Access-Control-Request-Method: POST",
                            "Access-Control-Request-Headers: x-a");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Access-Control-Allow-Headers")).isEqualTo("x-a");
            assertThat(gateway.upstream().take()).isEmpty();
        }
    }
}
