// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.config.Required;
import ai.jan.kong.pdk.server.PluginCommand;
import ai.jan.kong.pdk.server.ServerOptions;
import java.util.List;

/**
 * The benchmark's handlers, written as one writes a plugin with this kit: ask for everything, then
 * use it. The peers' are in {@code bench/peers}; {@link Script} is what all of them have to say.
 */
public final class CallsPlugin implements Plugin {
    static final PluginDefinition<Config, CallsPlugin> DEFINITION =
            new PluginDefinition<>(
                    "bench-calls",
                    "1.0.0",
                    1000,
                    Config.class,
                    CallsPlugin.class,
                    CallsPlugin::new);

    /**
     * @param calls how many calls the handler makes: 0, 3 or 12
     */
    record Config(@Required int calls) {}

    private final int calls;

    private CallsPlugin(Config config) {
        this.calls = config.calls();
    }

    @Override
    public void access(Kong kong) {
        switch (calls) {
            case 0 -> {}
            case 3 -> three(kong);
            case 12 -> twelve(kong);
            default -> throw new IllegalStateException("no handler of " + calls + " calls");
        }
    }

    private static void three(Kong kong) {
        var method = kong.request().getMethod();
        var user = kong.request().getHeader("x-user");
        kong.service().request().setHeader("x-seen", method.get() + " " + user.get().orElseThrow());
    }

    private static void twelve(Kong kong) {
        var request = kong.request();
        var method = request.getMethod();
        var path = request.getPath();
        var query = request.getRawQuery();
        var host = request.getHeader("host");
        var agent = request.getHeader("user-agent");
        var user = request.getHeader("x-user");
        var ip = kong.client().getForwardedIp();
        var upstream = kong.service().request();
        upstream.setHeader("x-target", method.get() + " " + path.get());
        upstream.setHeader("x-query", query.get());
        upstream.setHeader("x-host", host.get().orElseThrow());
        upstream.setHeader("x-client", ip.get() + " " + agent.get().orElseThrow());
        kong.response().setHeader("x-seen", user.get().orElseThrow());
    }

    /** The plugin server: {@code serve --socket PATH}. */
    public static void main(String[] args) {
        System.exit(PluginCommand.run(args, ServerOptions.DEFAULTS, List.of(DEFINITION)));
    }
}
