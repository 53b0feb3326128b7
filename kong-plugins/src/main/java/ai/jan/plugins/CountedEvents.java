// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kit.metrics.PluginMetrics;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.server.EventListener;
import ai.jan.kong.pdk.server.EventReport;

/** Counts what the plugin server does. */
record CountedEvents(PluginMetrics metrics) implements EventListener {
    @Override
    public void started(String plugin, Phase phase) {
        metrics.started(plugin, phase.wireName());
    }

    @Override
    public void ended(EventReport report) {
        metrics.ended(
                report.plugin(),
                report.phase().wireName(),
                report.ending().name(),
                report.calls(),
                report.roundTrips(),
                report.duration());
    }

    @Override
    public void refused(String plugin) {
        metrics.refused(plugin);
    }
}
