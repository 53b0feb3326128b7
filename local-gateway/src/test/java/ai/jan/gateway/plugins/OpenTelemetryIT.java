// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenTelemetryIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir Path folder;

    @Test
    void passesTheTraceOnUnderASpanOfItsOwn() throws Exception {
        try (var gateway =
                new PluginGateway(
                        folder,
                        "{name: opentelemetry, config: {http_response_header_for_traceid: X-Trace}}")) {
            var response = gateway.send("GET", "traceparent: 00-" + TRACE + "-b7ad6b7169203331-00");
            assertThat(response.header("X-Trace")).isEqualTo(TRACE);
            var sent = gateway.upstream().next().header("traceparent").orElseThrow();
            assertThat(sent).matches("00-" + TRACE + "-[0-9a-f]{16}-00");
            assertThat(sent).doesNotContain("b7ad6b7169203331");
        }
    }

    @Test
    void beginsATraceWhereThereIsNone() throws Exception {
        try (var gateway = new PluginGateway(folder, "{name: opentelemetry}")) {
            gateway.send("GET");
            assertThat(gateway.upstream().next().header("traceparent").orElseThrow())
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"); // not sampled: tracing is off
        }
    }
}
