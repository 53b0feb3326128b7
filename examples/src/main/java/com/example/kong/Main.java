// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.server.PluginCommand;
import ai.jan.kong.pdk.server.ServerOptions;
import java.util.List;

// begin main
/** One process for all plugins. */
public final class Main {
    static final List<PluginDefinition<?, ?>> PLUGINS =
            List.of(HelloHeader.DEFINITION, ApiKey.DEFINITION, ResponseMetrics.DEFINITION);

    private Main() {}

    public static void main(String[] args) {
        System.exit(PluginCommand.run(args, ServerOptions.DEFAULTS, PLUGINS));
    }
}
// end main
