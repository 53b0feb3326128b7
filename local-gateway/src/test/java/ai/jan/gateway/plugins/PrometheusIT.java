// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrometheusIT {
    @TempDir Path folder;

    @Test
    void countsRequestsTimesAndBytesByKongsNames() throws Exception {
        try (var gateway =
                new PluginGateway(
                        folder,
                        "{name: prometheus, config: {status_code_metrics: true,"
                                + " latency_metrics: true, bandwidth_metrics: true}}")) {
            gateway.send("GET");
            var place = "service=\"up\",route=\"up\"";
            var counted =
                    "kong_http_requests_total{%s,code=\"200\",source=\"service\",workspace=\"default\",consumer=\"\"} 1";
            var metrics = gateway.metricsWith("direction=\"egress\"");
            assertThat(metrics)
                    .contains("# TYPE kong_http_requests_total counter")
                    .contains(counted.formatted(place))
                    .contains("# TYPE kong_request_latency_ms histogram")
                    .contains(
                            "kong_upstream_latency_ms_bucket{%s,workspace=\"default\",le=\"+Inf\"} 1"
                                    .formatted(place))
                    .contains("kong_kong_latency_ms_count{")
                    .contains("kong_bandwidth_bytes{%s,direction=\"egress\"".formatted(place))
                    .contains("kong_nginx_requests_total{")
                    .contains("kong_node_info{");
        }
    }
}
