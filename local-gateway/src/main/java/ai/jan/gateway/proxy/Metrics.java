// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What {@code /metrics} of the status port tells, by Kong's names. Of Kong's own memory, timers and
 * workers it tells nothing: there are none. Thread-safe.
 */
public final class Metrics {
    private static final int MAX_SERIES = 10_000;
    private static final Map<String, String> HELP =
            Map.of(
                    "kong_bandwidth_bytes", "Total bandwidth (ingress/egress) throughput in bytes",
                    "kong_http_requests_total",
                            "HTTP status codes per consumer/service/route in Kong",
                    "kong_kong_latency_ms", "Latency added by Kong in ms",
                    "kong_request_latency_ms", "Total latency incurred during requests in ms",
                    "kong_upstream_latency_ms", "Latency added by the upstream in ms");

    private static final class Histogram {
        private final long[] buckets;
        private long sum;
        private long count;

        Histogram(int size) {
            buckets = new long[size];
        }
    }

    private final String node = UUID.randomUUID().toString();
    private final Map<String, Map<String, Long>> counters = new TreeMap<>();
    private final Map<String, Map<String, Histogram>> histograms = new TreeMap<>();
    private final Map<String, List<Integer>> bounds = new TreeMap<>();
    private int series;
    private long requests;

    /** The same in all that the process tells of itself. */
    public String node() {
        return node;
    }

    /** A request was served, with whatever plugins. */
    public synchronized void request() {
        requests++;
    }

    /** Adds to a counter. */
    public synchronized void count(String name, long amount, String labels) {
        var values = counters.computeIfAbsent(name, _ -> new TreeMap<>());
        if (room(values.containsKey(labels))) {
            values.merge(labels, amount, Long::sum);
        }
    }

    /** Adds a value to a histogram. */
    public synchronized void observe(
            String name, List<Integer> bucketBounds, long value, String labels) {
        bounds.put(name, bucketBounds);
        var values = histograms.computeIfAbsent(name, _ -> new TreeMap<>());
        if (!room(values.containsKey(labels))) {
            return;
        }
        var histogram = values.computeIfAbsent(labels, _ -> new Histogram(bucketBounds.size()));
        for (int i = 0; i < histogram.buckets.length; i++) {
            histogram.buckets[i] += value <= bucketBounds.get(i) ? 1 : 0;
        }
        histogram.sum += value;
        histogram.count++;
    }

    /** Keeps clients from filling the memory by what ends up in labels. */
    private boolean room(boolean known) {
        if (!known && series < MAX_SERIES) {
            series++;
            return true;
        }
        return known;
    }

    /** All of it in Prometheus' text format. */
    synchronized String text(int connections) {
        var text = new StringBuilder();
        counters.forEach((name, values) -> {
            head(text, name, HELP.getOrDefault(name, name), "counter");
            values.forEach((labels, value) -> line(text, name, labels, value));
        });
        head(text, "kong_datastore_reachable", "Datastore reachable from Kong", "gauge");
        text.append("kong_datastore_reachable 1\n");
        histograms.forEach((name, values) -> {
            head(text, name, HELP.getOrDefault(name, name), "histogram");
            values.forEach((labels, histogram) -> histogram(text, name, labels, histogram));
        });
        var here = "node_id=\"" + node + "\",subsystem=\"http\"";
        head(text, "kong_nginx_connections_total", "Number of connections", "gauge");
        line(text, "kong_nginx_connections_total", here + ",state=\"active\"", connections);
        head(text, "kong_nginx_metric_errors_total", "Number of metric errors", "counter");
        text.append("kong_nginx_metric_errors_total ").append(0).append('\n');
        head(text, "kong_nginx_requests_total", "Total number of requests", "gauge");
        line(text, "kong_nginx_requests_total", here, requests);
        head(text, "kong_node_info", "Kong Node metadata information", "gauge");
        line(
                text,
                "kong_node_info",
                "node_id=\"" + node + "\",version=\"" + Responses.VERSION + "\"",
                1);
        return text.toString();
    }

    private void histogram(StringBuilder text, String name, String labels, Histogram histogram) {
        var limits = bounds.getOrDefault(name, List.of());
        for (int i = 0; i < histogram.buckets.length; i++) {
            var le = labels + ",le=\"" + limits.get(i) + "\"";
            line(text, name + "_bucket", le, histogram.buckets[i]);
        }
        line(text, name + "_bucket", labels + ",le=\"+Inf\"", histogram.count);
        line(text, name + "_count", labels, histogram.count);
        line(text, name + "_sum", labels, histogram.sum);
    }

    private static void head(StringBuilder text, String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder text, String name, String labels, long value) {
        text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }
}
