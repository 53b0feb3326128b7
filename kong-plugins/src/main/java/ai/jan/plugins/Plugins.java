// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.plugins.auth.AuthPlugin;
import ai.jan.plugins.identity.IdentityPlugin;
import ai.jan.plugins.quota.QuotaPlugin;
import ai.jan.plugins.rewrite.RewritePlugin;
import java.util.List;
import java.util.function.Supplier;

/** The plugins of this process. */
final class Plugins {
    private Plugins() {}

    /**
     * @param services asked for only when Kong configures a plugin, so that the plugins can be
     *     described without them
     */
    static List<PluginDefinition<?, ?>> all(Supplier<Services> services) {
        return List.of(
                AuthPlugin.definition(() -> services.get().auth()),
                RewritePlugin.definition(services),
                QuotaPlugin.definition(services),
                IdentityPlugin.definition(services));
    }

    /** The plugins as Kong has to know them; none can be configured. */
    static List<PluginDefinition<?, ?>> described() {
        return all(() -> {
            throw new IllegalStateException("nothing is configured while plugins are described");
        });
    }
}
