// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import ai.jan.kit.config.Settings;
import java.util.Optional;

/** Where Prometheus reads a process's metrics. */
public record MetricsSettings(String host, int port) {
    /**
     * Reads {@code JAN_METRICS_PORT} and {@code JAN_METRICS_HOST}; without a port nothing is
     * served.
     */
    public static Optional<MetricsSettings> from(Settings settings) {
        var host = settings.textOr("JAN_METRICS_HOST", "127.0.0.1");
        return settings.optionalText("JAN_METRICS_PORT")
                .map(_ -> new MetricsSettings(host, settings.port("JAN_METRICS_PORT", 0)));
    }
}
