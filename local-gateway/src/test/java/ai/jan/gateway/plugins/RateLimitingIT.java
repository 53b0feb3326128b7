// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateLimitingIT {
    @TempDir Path folder;

    @Test
    void countsEachSubjectByItself() throws Exception {
        try (var gateway =
                new PluginGateway(
                        folder,
                        "{name: rate-limiting, config: {year: 1, policy: local, limit_by: header,"
                                + " header_name: X-Tenant}}")) {
            var first = gateway.send("GET", "X-Tenant: a");
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.header("RateLimit-Remaining")).isEqualTo("0");
            var second = gateway.send("GET", "X-Tenant: a");
            assertThat(second.status()).isEqualTo(429);
            assertThat(second.text()).contains("API rate limit exceeded");
            assertThat(Long.parseLong(second.header("Retry-After"))).isPositive();
            assertThat(gateway.send("GET", "X-Tenant: b").status()).isEqualTo(200);
        }
    }
}
