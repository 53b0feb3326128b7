// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.function.Function;

/**
 * What Kong needs to know of a plugin before it is configured.
 *
 * @param name as in {@code kong.yml}, lower case with dashes
 * @param version one to three numbers, such as {@code 1.0.0}
 * @param priority higher runs earlier
 * @param config the configuration, a record from which Kong's schema is derived
 * @param plugin the class that {@code factory} makes; its overridden methods are the phases
 * @param factory makes the plugin for one configuration; called once per distinct configuration
 * @param onFailure what becomes of a request when the plugin fails
 */
public record PluginDefinition<C extends Record, P extends Plugin>(
        String name,
        String version,
        int priority,
        Class<C> config,
        Class<P> plugin,
        Function<C, P> factory,
        FailurePolicy onFailure) {
    /** A plugin whose failures fail the request. */
    public PluginDefinition(
            String name,
            String version,
            int priority,
            Class<C> config,
            Class<P> plugin,
            Function<C, P> factory) {
        this(name, version, priority, config, plugin, factory, FailurePolicy.FAIL_CLOSED);
    }

    /** The same plugin, whose failures let the request go on. */
    public PluginDefinition<C, P> failingOpen() {
        return new PluginDefinition<>(
                name, version, priority, config, plugin, factory, FailurePolicy.FAIL_OPEN);
    }
}
