// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MetricsServerIT {
    private final Metrics metrics = new Metrics();

    @Test
    void tellsPrometheusWhatThePluginsDid() throws Exception {
        var plugins = metrics.plugins();
        plugins.started("jan-auth", "access");
        plugins.started("jan-auth", "access");
        plugins.ended("jan-auth", "access", "EXITED", 6, 1, Duration.ofMillis(3));
        plugins.refused("jan-auth");

        try (var server = MetricsServer.start(new MetricsSettings("127.0.0.1", 0), metrics)) {
            var answer = send(server, "GET", "/metrics");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(answer.body().lines())
                    .contains(
                            "jan_plugin_events_total{plugin=\"jan-auth\",phase=\"access\",ending=\"exited\",} 1.0",
                            "jan_plugin_running_events{plugin=\"jan-auth\",phase=\"access\",} 1.0",
                            "jan_plugin_event_seconds_bucket{plugin=\"jan-auth\",phase=\"access\",le=\"0.002\",} 0.0",
                            "jan_plugin_event_seconds_bucket{plugin=\"jan-auth\",phase=\"access\",le=\"0.005\",} 1.0",
                            "jan_plugin_event_calls_sum{plugin=\"jan-auth\",phase=\"access\",} 6.0",
                            "jan_plugin_event_round_trips_bucket{plugin=\"jan-auth\",phase=\"access\",le=\"1.0\",} 1.0",
                            "jan_plugin_refused_configurations_total{plugin=\"jan-auth\",} 1.0");
        }
    }

    @Test
    void servesNothingElse() throws Exception {
        try (var server = MetricsServer.start(new MetricsSettings("127.0.0.1", 0), metrics)) {
            assertThat(send(server, "GET", "/").statusCode()).isEqualTo(404);
            assertThat(send(server, "GET", "/metrics/x").statusCode()).isEqualTo(404);
            assertThat(send(server, "POST", "/metrics").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (var server = MetricsServer.start(new MetricsSettings("127.0.0.1", 0), metrics)) {
            var taken = new MetricsSettings("127.0.0.1", server.port());

            assertThatThrownBy(() -> MetricsServer.start(taken, metrics))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("metrics cannot be served on 127.0.0.1:" + server.port());
        }
    }

    @Test
    void isOffUnlessAPortIsSet() {
        assertThat(MetricsSettings.from(new Settings(Map.of()))).isEmpty();
        assertThat(MetricsSettings.from(new Settings(Map.of("JAN_METRICS_PORT", "9101"))))
                .hasValue(new MetricsSettings("127.0.0.1", 9101));
    }

    private static HttpResponse<String> send(MetricsServer server, String method, String path)
            throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + server.port() + path);
            var request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
