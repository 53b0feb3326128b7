// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.PluginInfo;
import ai.jan.kong.pdk.message.PluginNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all connections work on. */
record Commands(
        Map<String, RegisteredPlugin<?, ?>> plugins,
        Instances instances,
        Events events,
        long startedAt) {

    PluginNames names() {
        return new PluginNames(List.copyOf(plugins.keySet()));
    }

    Optional<PluginInfo> describe(String name) {
        return Optional.ofNullable(plugins.get(name))
                .map(RegisteredPlugin::dump)
                .map(dump ->
                        new PluginInfo(
                                dump.name(),
                                startedAt,
                                startedAt,
                                dump.phases().stream().map(Phase::wireName).toList(),
                                dump.version(),
                                dump.priority(),
                                dump.schema().toString()));
    }
}
