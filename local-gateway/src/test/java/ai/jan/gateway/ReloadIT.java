// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP: another kong.yml without a dropped request. */
class ReloadIT {
    @TempDir Path folder;

    private static String kongYml(int port, String path) {
        return """
        _format_version: "3.0"
        services:
          - name: up
            url: http://127.0.0.1:%d
            routes: [{name: up, paths: ["%s"]}]
        """
                .formatted(port, path);
    }

    @Test
    void servesTheNewFileAndEndsWhatHadBegun() throws Exception {
        try (var upstream = TestingUpstream.start();
                var gateway = TestingGateway.start(folder, kongYml(upstream.port(), "/old"), "");
                var client = gateway.client()) {
            client.send(
                    "GET /old HTTP/1.1\r\nHost: a\r\nX-Up: {\"chunks\":[[\"a\",0],[\"b\",500]]}\r\n\r\n");
            upstream.next();
            gateway.reload(kongYml(upstream.port(), "/new"));
            assertThat(client.response().text()).isEqualTo("ab");
            client.send("GET /new HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            client.send("GET /old HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(404);
        }
    }

    @Test
    void keepsServingWhenTheNewFileIsWrong() throws Exception {
        try (var upstream = TestingUpstream.start();
                var gateway = TestingGateway.start(folder, kongYml(upstream.port(), "/old"), "");
                var client = gateway.client()) {
            gateway.reload("services: nonsense");
            client.send("GET /old HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
        }
    }
}
