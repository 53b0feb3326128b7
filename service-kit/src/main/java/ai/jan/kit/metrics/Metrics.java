// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.BufferPoolsExports;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What one process counts. Names and labels are the kit's own, and listed in
 * docs/architecture/observability.md; labels are of closed sets. What a process does not ask for it
 * does not expose. Thread-safe.
 */
public final class Metrics {
    /** The media type of {@link #text()}. */
    static final String CONTENT_TYPE = TextFormat.CONTENT_TYPE_004;

    private final CollectorRegistry registry = new CollectorRegistry();
    private final Map<Class<?>, Object> parts = new ConcurrentHashMap<>();

    /** With those of the JVM and the process, by the names that everybody's dashboards use. */
    public static Metrics ofThisProcess() {
        var metrics = new Metrics();
        new StandardExports().register(metrics.registry);
        new MemoryPoolsExports().register(metrics.registry);
        new BufferPoolsExports().register(metrics.registry);
        new GarbageCollectorExports().register(metrics.registry);
        new ThreadExports().register(metrics.registry);
        return metrics;
    }

    /** What the HTTP server answers. */
    public RequestMetrics requests() {
        return part(RequestMetrics.class, RequestMetrics::new);
    }

    /** What models generate. */
    public GenerationMetrics generations() {
        return part(GenerationMetrics.class, GenerationMetrics::new);
    }

    /** How the model servers do. */
    public BackendMetrics backends() {
        return part(BackendMetrics.class, BackendMetrics::new);
    }

    /** How long the database takes. */
    public DatabaseMetrics databases() {
        return part(DatabaseMetrics.class, DatabaseMetrics::new);
    }

    /** What the plugins do. */
    public PluginMetrics plugins() {
        return part(PluginMetrics.class, PluginMetrics::new);
    }

    /** How credentials are checked. */
    public AuthMetrics auth() {
        return part(AuthMetrics.class, AuthMetrics::new);
    }

    /** What the quota decides. */
    public QuotaMetrics quota() {
        return part(QuotaMetrics.class, QuotaMetrics::new);
    }

    /** What becomes of what the quota has reserved. */
    public ReservationMetrics reservations() {
        return part(ReservationMetrics.class, ReservationMetrics::new);
    }

    /** What the tools do. */
    public ToolMetrics tools() {
        return part(ToolMetrics.class, ToolMetrics::new);
    }

    /** All values in Prometheus' text format. */
    public String text() {
        var text = new StringWriter();
        try {
            TextFormat.write004(text, registry.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException("a writer in memory", e);
        }
        return text.toString();
    }

    private <T> T part(Class<T> type, Function<CollectorRegistry, T> make) {
        return type.cast(parts.computeIfAbsent(type, _ -> make.apply(registry)));
    }
}
