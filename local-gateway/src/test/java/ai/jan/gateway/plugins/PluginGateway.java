// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.RawClient;
import ai.jan.gateway.TestingGateway;
import ai.jan.gateway.TestingUpstream;
import java.io.IOException;
import java.nio.file.Path;

/** A gateway with one plugin on its only route, and the service behind it. */
final class PluginGateway implements AutoCloseable {
    private final TestingUpstream upstream;
    private final TestingGateway gateway;

    /**
     * @param plugin name and config in YAML's flow style
     */
    PluginGateway(Path folder, String plugin) throws IOException, InterruptedException {
        upstream = TestingUpstream.start();
        gateway =
                TestingGateway.start(
                        folder,
                        """
                        _format_version: "3.0"
                        services:
                          - name: up
                            url: http://127.0.0.1:%d
                            routes: [{name: up, paths: ["/up"], plugins: [%s]}]
                        """
                                .formatted(upstream.port(), plugin),
                        "");
    }

    TestingUpstream upstream() {
        return upstream;
    }

    RawClient.Response send(String method, String... headers) throws IOException {
        try (var client = gateway.client()) {
            client.send(method + " /up HTTP/1.1\r\nHost: gw.test\r\n");
            for (var header : headers) {
                client.send(header + "\r\n");
            }
            return client.send("\r\n").response();
        }
    }

    /** What the status port tells, once it has a certain text: plugins count after the response. */
    String metricsWith(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (true) {
            try (var client = RawClient.connect(gateway.statusPort())) {
                client.send("GET /metrics HTTP/1.1\r\nHost: status\r\n\r\n");
                var metrics = client.response().text();
                if (metrics.contains(text) || System.nanoTime() > deadline) {
                    return metrics;
                }
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        upstream.close();
    }
}
