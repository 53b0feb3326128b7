// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.Consumer;
import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.config.Route;
import ai.jan.gateway.config.Service;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Metrics;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** Counts requests, times and bytes for {@code /metrics} of the status port. */
final class Prometheus implements BundledPlugin {
    static final String SCHEMA =
            """
            {"name": "prometheus", "fields": [
              {"consumer": {"type": "foreign", "reference": "consumers", "eq": null}},
              {"config": {"type": "record", "fields": [
                {"per_consumer": {"type": "boolean", "default": false}},
                {"status_code_metrics": {"type": "boolean", "default": false}},
                {"latency_metrics": {"type": "boolean", "default": false}},
                {"bandwidth_metrics": {"type": "boolean", "default": false}},
                {"upstream_health_metrics": {"type": "boolean", "default": false}}
              ]}}
            ]}\
            """;
    private static final List<Integer> KONG =
            List.of(1, 2, 5, 7, 10, 15, 20, 30, 50, 75, 100, 200, 500, 750, 1000, 3000, 6000);
    private static final List<Integer> SERVICE =
            List.of(25, 50, 80, 100, 250, 400, 700, 1000, 2000, 5000, 10_000, 30_000, 60_000);

    @JsonNaming(SnakeCaseStrategy.class)
    record Config(
            boolean perConsumer,
            boolean statusCodeMetrics,
            boolean latencyMetrics,
            boolean bandwidthMetrics) {}

    private final Config config;
    private final Metrics metrics;

    private Prometheus(Config config, Metrics metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    static Prometheus of(PluginEntity entity, Metrics metrics) throws JsonProcessingException {
        return new Prometheus(Json.read(entity.config(), Config.class), metrics);
    }

    @Override
    public void log(Exchange exchange) {
        if (exchange.service().isEmpty()) {
            return; // Kong counts what has a service
        }
        var service = exchange.service().map(Service::name).orElse("");
        var route = exchange.match().map(match -> match.route()).map(Route::name).orElse("");
        var consumer =
                config.perConsumer() ? exchange.consumer().map(Consumer::username).orElse("") : "";
        if (config.statusCodeMetrics()) {
            metrics.count(
                    "kong_http_requests_total",
                    1,
                    labels("service", service, "route", route)
                            + labels(
                                    ",code",
                                    Integer.toString(exchange.status()),
                                    "source",
                                    source(exchange))
                            + labels(",workspace", "default", "consumer", consumer));
        }
        if (config.latencyMetrics()) {
            var place = labels("service", service, "route", route) + ",workspace=\"default\"";
            var times = exchange.times();
            metrics.observe("kong_kong_latency_ms", KONG, times.kong(), place);
            metrics.observe("kong_request_latency_ms", SERVICE, times.request(), place);
            if (times.service() >= 0) {
                metrics.observe("kong_upstream_latency_ms", SERVICE, times.service(), place);
            }
        }
        if (config.bandwidthMetrics()) {
            bandwidth("ingress", exchange.receivedBytes(), service, route, consumer);
            bandwidth("egress", exchange.sentBytes(), service, route, consumer);
        }
    }

    private void bandwidth(
            String direction, long bytes, String service, String route, String consumer) {
        metrics.count(
                "kong_bandwidth_bytes",
                bytes,
                labels("service", service, "route", route)
                        + labels(",direction", direction, "workspace", "default")
                        + ",consumer=\""
                        + escape(consumer)
                        + "\"");
    }

    private static String source(Exchange exchange) {
        return exchange.source().equals("service") ? "service" : "kong";
    }

    private static String labels(String name, String value, String other, String otherValue) {
        return "%s=\"%s\",%s=\"%s\"".formatted(name, escape(value), other, escape(otherValue));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
