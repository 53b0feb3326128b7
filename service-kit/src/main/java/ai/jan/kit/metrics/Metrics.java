// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** What one process counts. Names and labels are the kit's own; labels are of closed sets. */
public final class Metrics {
    /** The media type of {@link #text()}. */
    static final String CONTENT_TYPE = TextFormat.CONTENT_TYPE_004;

    private final CollectorRegistry registry = new CollectorRegistry();
    private final PluginMetrics plugins = new PluginMetrics(registry);
    private final QuotaMetrics quota = new QuotaMetrics(registry);
    private final ToolMetrics tools = new ToolMetrics(registry);

    /** What the plugins do. */
    public PluginMetrics plugins() {
        return plugins;
    }

    /** What the quota decides. */
    public QuotaMetrics quota() {
        return quota;
    }

    /** What the tools do. */
    public ToolMetrics tools() {
        return tools;
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
}
