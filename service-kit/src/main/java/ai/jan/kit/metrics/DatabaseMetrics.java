// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import ai.jan.kit.metrics.Readings.Reading;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How long the database takes, by pool of connections:
 *
 * <ul>
 *   <li>{@code jan_database_wait_seconds{pool}}: for a turn
 *   <li>{@code jan_database_work_seconds{pool}}: with a connection, its transaction included
 *   <li>{@code jan_database_failures_total{pool}}: what the database could not do
 *   <li>{@code jan_database_connections{pool,state}}: {@code active} and {@code idle}
 *   <li>{@code jan_database_waiting{pool}}: callers that wait for a turn now
 * </ul>
 *
 * Thread-safe.
 */
public final class DatabaseMetrics {
    /** How a pool does now. */
    public record State(int active, int idle, int waiting) {}

    private static final double[] BUCKETS = {
        .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5
    };

    private final Histogram waits;
    private final Histogram works;
    private final Counter failures;
    private final Map<String, Supplier<State>> pools = new ConcurrentHashMap<>();

    /** What one pool tells. */
    public final class Pool {
        private final String name;

        private Pool(String name) {
            this.name = name;
        }

        /** A caller got its turn, or gave up. */
        public void waited(Duration duration) {
            waits.labels(name).observe(duration.toNanos() / 1e9);
        }

        /** A caller is done. */
        public void worked(Duration duration) {
            works.labels(name).observe(duration.toNanos() / 1e9);
        }

        /** The database could not do what a caller asked. */
        public void failed() {
            failures.labels(name).inc();
        }
    }

    DatabaseMetrics(CollectorRegistry registry) {
        waits =
                Histogram.build("jan_database_wait_seconds", "How long a turn was waited for.")
                        .labelNames("pool")
                        .buckets(BUCKETS)
                        .register(registry);
        works =
                Histogram.build("jan_database_work_seconds", "How long work took.")
                        .labelNames("pool")
                        .buckets(BUCKETS)
                        .register(registry);
        failures =
                Counter.build("jan_database_failures_total", "What the database could not do.")
                        .labelNames("pool")
                        .register(registry);
        Readings.gauge(
                        "jan_database_connections",
                        "Connections of a pool.",
                        this::connections,
                        "pool",
                        "state")
                .register(registry);
        Readings.gauge(
                        "jan_database_waiting",
                        "Callers that wait for a turn.",
                        this::waiting,
                        "pool")
                .register(registry);
    }

    /**
     * Tells of one more pool.
     *
     * @param state read when Prometheus asks
     */
    public Pool pool(String name, Supplier<State> state) {
        pools.put(name, state);
        var _ = failures.labels(name); // so that none is 0, not absent
        return new Pool(name);
    }

    private List<Reading> connections() {
        return pools.entrySet().stream()
                .flatMap(pool -> {
                    var state = pool.getValue().get();
                    return Stream.of(
                            Reading.of(state.active, pool.getKey(), "active"),
                            Reading.of(state.idle, pool.getKey(), "idle"));
                })
                .toList();
    }

    private List<Reading> waiting() {
        return pools.entrySet().stream()
                .map(pool -> Reading.of(pool.getValue().get().waiting, pool.getKey()))
                .toList();
    }
}
