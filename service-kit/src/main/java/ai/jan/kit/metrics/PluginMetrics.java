// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.util.Locale;

/**
 * What gateway plugins do, by plugin and phase:
 *
 * <ul>
 *   <li>{@code jan_plugin_events_total{plugin,phase,ending}}; errors are those whose ending is
 *       {@code failed}, {@code expired} or {@code lost}
 *   <li>{@code jan_plugin_event_seconds{plugin,phase}}: how long they took
 *   <li>{@code jan_plugin_event_calls} and {@code jan_plugin_event_round_trips}: what they asked of
 *       the gateway, and how often they waited for it
 *   <li>{@code jan_plugin_running_events{plugin,phase}}
 *   <li>{@code jan_plugin_refused_configurations_total{plugin}}
 * </ul>
 *
 * Thread-safe.
 */
public final class PluginMetrics {
    private static final String[] LABELS = {"plugin", "phase"};

    private final Counter events;
    private final Histogram seconds;
    private final Histogram calls;
    private final Histogram roundTrips;
    private final Gauge running;
    private final Counter refused;

    PluginMetrics(CollectorRegistry registry) {
        events =
                Counter.build("jan_plugin_events_total", "Events by what became of them.")
                        .labelNames("plugin", "phase", "ending")
                        .register(registry);
        seconds =
                Histogram.build("jan_plugin_event_seconds", "How long an event took.")
                        .labelNames(LABELS)
                        .buckets(.0002, .0005, .001, .002, .005, .01, .025, .05, .1, .25, 1, 5, 10)
                        .register(registry);
        calls =
                Histogram.build("jan_plugin_event_calls", "Calls to the gateway in an event.")
                        .labelNames(LABELS)
                        .buckets(0, 1, 2, 5, 10, 20, 50, 100)
                        .register(registry);
        roundTrips =
                Histogram.build(
                                "jan_plugin_event_round_trips",
                                "How often an event waited for the gateway.")
                        .labelNames(LABELS)
                        .buckets(0, 1, 2, 3, 5, 10, 20)
                        .register(registry);
        running =
                Gauge.build("jan_plugin_running_events", "Events that run now.")
                        .labelNames(LABELS)
                        .register(registry);
        refused =
                Counter.build(
                                "jan_plugin_refused_configurations_total",
                                "Configurations that do not fit their plugin.")
                        .labelNames("plugin")
                        .register(registry);
    }

    /** An event has begun. */
    public void started(String plugin, String phase) {
        running.labels(plugin, phase).inc();
    }

    /**
     * An event is over.
     *
     * @param ending one of a closed set of names, such as {@code COMPLETED}
     */
    public void ended(
            String plugin,
            String phase,
            String ending,
            int callCount,
            int roundTripCount,
            Duration duration) {
        running.labels(plugin, phase).dec();
        events.labels(plugin, phase, ending.toLowerCase(Locale.ROOT)).inc();
        seconds.labels(plugin, phase).observe(duration.toNanos() / 1e9);
        calls.labels(plugin, phase).observe(callCount);
        roundTrips.labels(plugin, phase).observe(roundTripCount);
    }

    /** A configuration did not fit its plugin. */
    public void refused(String plugin) {
        refused.labels(plugin).inc();
    }
}
