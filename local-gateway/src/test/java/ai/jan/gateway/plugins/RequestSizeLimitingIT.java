// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestSizeLimitingIT {
    @TempDir Path folder;

    @Test
    void refusesByLengthAndByWhatArrives() throws Exception {
        try (var gateway =
                new PluginGateway(
                        folder,
                        "{name: request-size-limiting, config: {allowed_payload_size: 3, size_unit:"
                                + " bytes}}")) {
            assertThat(gateway.send("POST", "Content-Length: 3", "", "abc").status())
                    .isEqualTo(200);
            assertThat(gateway.send("POST", "Content-Length: 4", "", "abcd").status())
                    .isEqualTo(413);
            var chunked = gateway.send("POST", "Transfer-Encoding: chunked", "", "4", "abcd", "0");
            assertThat(chunked.status()).isEqualTo(413);
            assertThat(chunked.text()).contains("Request size limit exceeded");
        }
    }
}
