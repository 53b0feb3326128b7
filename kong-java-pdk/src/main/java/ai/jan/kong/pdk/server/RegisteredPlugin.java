// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.FailurePolicy;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.PluginDump;
import ai.jan.kong.pdk.config.ConfigSchema;
import ai.jan.kong.pdk.config.InvalidConfig;
import java.util.concurrent.Callable;

/** A plugin that this process serves. */
record RegisteredPlugin<C extends Record, P extends Plugin>(
        PluginDefinition<C, P> definition, ConfigSchema<C> schema, PluginDump dump) {

    static <C extends Record, P extends Plugin> RegisteredPlugin<C, P> of(
            PluginDefinition<C, P> definition) {
        return new RegisteredPlugin<>(
                definition,
                ConfigSchema.of(definition.name(), definition.config()),
                PluginDump.of(definition));
    }

    /** A configuration of it that Kong has sent. */
    Configured configure(Bytes json) throws InvalidConfig {
        var config = schema.read(json);
        return new Configured(
                new SharedPlugins.Key(definition.name(), config),
                () -> definition.factory().apply(config),
                definition.onFailure());
    }

    /** A configuration, how to make the plugin for it, and what its failures mean. */
    record Configured(
            SharedPlugins.Key key, Callable<? extends Plugin> factory, FailurePolicy onFailure) {}
}
