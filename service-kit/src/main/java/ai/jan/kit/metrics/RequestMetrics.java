// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import ai.jan.kit.metrics.Readings.Reading;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an HTTP server answers:
 *
 * <ul>
 *   <li>{@code jan_http_requests_total{route,method,status}}; the route is its template, or {@code
 *       none}; 499 is a client that left before it was answered
 *   <li>{@code jan_http_request_seconds{route}}: to the end of the answer, streams included
 *   <li>{@code jan_http_requests_in_flight{route,older_than}}: those older than so many seconds; 0
 *       are all. What stays is stuck
 * </ul>
 *
 * Thread-safe.
 */
public final class RequestMetrics {
    /** For what leads to no route. */
    public static final String NO_ROUTE = "none";

    private static final List<Integer> AGES = List.of(0, 1, 10, 60, 300, 900);
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final Counter requests;
    private final Histogram seconds;
    private final Map<String, Set<Running>> running = new ConcurrentHashMap<>();

    /** A request that is being answered. */
    public final class Running {
        private final String route;
        private final String method;
        private final long since = System.nanoTime();

        private Running(String route, String method) {
            this.route = route;
            this.method = METHODS.contains(method) ? method : "other";
        }

        /**
         * It is over.
         *
         * @param took how long it was answered
         */
        public void ended(int status, Duration took) {
            running.getOrDefault(route, Set.of()).remove(this);
            requests.labels(route, method, String.valueOf(status)).inc();
            seconds.labels(route).observe(took.toNanos() / 1e9);
        }

        /** How long it has been answered so far. */
        public Duration age() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    RequestMetrics(CollectorRegistry registry) {
        requests =
                Counter.build("jan_http_requests_total", "Requests by how they were answered.")
                        .labelNames("route", "method", "status")
                        .register(registry);
        seconds =
                Histogram.build("jan_http_request_seconds", "How long an answer took.")
                        .labelNames("route")
                        .buckets(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 600)
                        .register(registry);
        Readings.gauge(
                        "jan_http_requests_in_flight",
                        "Requests being answered that are older than so many seconds.",
                        this::inFlight,
                        "route",
                        "older_than")
                .register(registry);
    }

    /**
     * A request has come.
     *
     * @param route the template of its route
     */
    public Running started(String route, String method) {
        var request = new Running(route, method);
        running.computeIfAbsent(route, _ -> ConcurrentHashMap.newKeySet()).add(request);
        return request;
    }

    private List<Reading> inFlight() {
        var readings = new ArrayList<Reading>();
        running.forEach((route, requests) -> {
            var ages = requests.stream().map(Running::age).toList();
            for (var limit : AGES) {
                var older = ages.stream().filter(age -> age.toSeconds() >= limit).count();
                readings.add(Reading.of((double) older, route, limit.toString()));
            }
        });
        return readings;
    }
}
