// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import ai.jan.kit.metrics.Readings.Reading;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * How the model servers do, by the name of the backend:
 *
 * <ul>
 *   <li>{@code jan_backend_requests_total{backend,outcome}}: {@code ok}, {@code refused} (the
 *       request was wrong), {@code failed}, {@code client_left}
 *   <li>{@code jan_backend_usable{backend}}: 1 if there is no reason to ask another one
 *   <li>{@code jan_backend_breaker_open{backend}}: 1 after too many failures in a row
 *   <li>{@code jan_backend_requests_in_flight{backend}}
 *   <li>{@code jan_backend_queue}: requests that wait for a place
 *   <li>{@code jan_backend_queue_seconds}: how long a request waited for one
 * </ul>
 *
 * Thread-safe.
 */
public final class BackendMetrics {
    /** What became of a request to a model server. */
    public enum Outcome {
        OK("ok"),
        REFUSED("refused"),
        FAILED("failed"),
        CLIENT_LEFT("client_left");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }
    }

    /** How a backend does now. */
    public record State(String backend, boolean usable, boolean breakerOpen, int inFlight) {}

    private final CollectorRegistry registry;
    private final Counter requests;
    private final Histogram waits;

    BackendMetrics(CollectorRegistry registry) {
        this.registry = registry;
        requests =
                Counter.build(
                                "jan_backend_requests_total",
                                "Requests to model servers by what became of them.")
                        .labelNames("backend", "outcome")
                        .register(registry);
        waits =
                Histogram.build("jan_backend_queue_seconds", "How long a place was waited for.")
                        .buckets(.001, .01, .1, .5, 1, 2.5, 5, 10, 30)
                        .register(registry);
    }

    /**
     * Reads the states when Prometheus asks; to be called once.
     *
     * @param queue how many requests wait for a place
     */
    public void watch(Supplier<List<State>> states, IntSupplier queue) {
        gauge(
                "jan_backend_usable",
                "Whether there is no reason to ask another.",
                states,
                state -> state.usable ? 1 : 0);
        gauge(
                "jan_backend_breaker_open",
                "Whether it failed too often.",
                states,
                state -> state.breakerOpen ? 1 : 0);
        gauge(
                "jan_backend_requests_in_flight",
                "Requests it is working on for us.",
                states,
                State::inFlight);
        Readings.gauge(
                        "jan_backend_queue",
                        "Requests that wait for a place at a model server.",
                        () -> List.of(Reading.of(queue.getAsInt())))
                .register(registry);
    }

    /** A request to a model server is over. */
    public void ended(String backend, Outcome outcome) {
        requests.labels(backend, outcome.label).inc();
    }

    /** A request has got a place, or has given up. */
    public void waited(Duration duration) {
        waits.observe(duration.toNanos() / 1e9);
    }

    private void gauge(
            String name,
            String help,
            Supplier<List<State>> states,
            Function<State, Integer> value) {
        Readings.gauge(
                        name,
                        help,
                        () ->
                                states.get().stream()
                                        .map(state -> Reading.of(value.apply(state), state.backend))
                                        .toList(),
                        "backend")
                .register(registry);
    }
}
