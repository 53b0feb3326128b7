// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.List;

/** A whole kong.yml, validated. */
public record Declaration(
        List<Service> services,
        List<Route> routes,
        List<Consumer> consumers,
        List<Upstream> upstreams,
        List<PluginEntity> plugins) {
    static final Declaration NONE =
            new Declaration(List.of(), List.of(), List.of(), List.of(), List.of());
}
