// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Duration;

/**
 * What tools do, by tool:
 *
 * <ul>
 *   <li>{@code jan_tool_calls_total{tool,outcome}}: {@code ok}, {@code arguments}, {@code refused},
 *       {@code failed}, {@code timeout}, {@code busy}, {@code open}
 *   <li>{@code jan_tool_call_seconds{tool}}: how long they took
 *   <li>{@code jan_tool_running_calls{tool}}
 * </ul>
 *
 * Thread-safe.
 */
public final class ToolMetrics {
    private final Counter calls;
    private final Histogram seconds;
    private final Gauge running;

    ToolMetrics(CollectorRegistry registry) {
        calls =
                Counter.build("jan_tool_calls_total", "Calls of tools by what became of them.")
                        .labelNames("tool", "outcome")
                        .register(registry);
        seconds =
                Histogram.build("jan_tool_call_seconds", "How long a call of a tool took.")
                        .labelNames("tool")
                        .buckets(.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120)
                        .register(registry);
        running =
                Gauge.build("jan_tool_running_calls", "Calls of tools that run now.")
                        .labelNames("tool")
                        .register(registry);
    }

    /** A call has begun. */
    public void started(String tool) {
        running.labels(tool).inc();
    }

    /** A call that had begun is over. */
    public void finished(String tool, String outcome, Duration duration) {
        running.labels(tool).dec();
        ended(tool, outcome, duration);
    }

    /** A call is over that was not let begin. */
    public void ended(String tool, String outcome, Duration duration) {
        calls.labels(tool, outcome).inc();
        seconds.labels(tool).observe(duration.toNanos() / 1e9);
    }
}
