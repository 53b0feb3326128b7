// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.telemetry;

import ai.jan.kit.metrics.Metrics;

/** How a process tells of what it does. */
public record Telemetry(Metrics metrics, Tracing tracing) {
    /** To nobody. */
    public static Telemetry off() {
        return new Telemetry(new Metrics(), Tracing.OFF);
    }
}
