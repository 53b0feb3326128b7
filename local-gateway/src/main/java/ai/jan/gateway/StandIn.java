// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import ai.jan.gateway.config.Declaration;
import ai.jan.gateway.config.InvalidConfiguration;
import ai.jan.gateway.config.KongConf;
import ai.jan.gateway.config.KongYml;
import ai.jan.gateway.config.Listen;
import ai.jan.gateway.config.PluginDumps;
import ai.jan.gateway.config.PluginType;
import ai.jan.gateway.config.Problems;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.plugins.Bundled;
import ai.jan.gateway.plugins.PluginServers;
import ai.jan.gateway.proxy.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A running gateway over one kong.yml and one kong.conf. */
public final class StandIn {
    /** The options of the command line, each with a value. */
    static final List<String> OPTIONS =
            List.of("--config", "--conf", "--proxy-port", "--tls-port", "--status-port");

    private final Settings settings;
    private final PluginServers plugins;
    private final Server server;

    private StandIn(Settings settings, PluginServers plugins, Server server) {
        this.settings = settings;
        this.plugins = plugins;
        this.server = server;
    }

    /**
     * Reads the configuration and begins to serve.
     *
     * @param options of the command line
     * @param environment overrides of kong.conf, and what vault references name
     * @throws InvalidConfiguration if it cannot be served as Kong would
     * @throws IOException if an address is taken
     */
    public static StandIn start(Map<String, String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        return new Loader(options, environment).start();
    }

    Server server() {
        return server;
    }

    /** What it is and where it listens, in one line. */
    String announcement() {
        return "local-gateway stands in for Kong, for development: proxy on %s, status on %s, no Admin API"
                .formatted(settings.proxyListen(), settings.statusListen());
    }

    /** Lets requests under way end, for a bounded time. */
    public void stop() throws IOException, InterruptedException {
        server.stop();
        plugins.close();
    }

    private static final class Loader {
        private final Map<String, String> options;
        private final Map<String, String> environment;
        private final Problems problems = new Problems();

        Loader(Map<String, String> options, Map<String, String> environment) {
            this.options = options;
            this.environment = environment;
        }

        StandIn start() throws IOException, InterruptedException {
            var conf = KongConf.read(option("--conf").map(Path::of), environment, problems);
            var settings = withPorts(Settings.of(conf));
            var declaration = declaration(settings);
            problems.check();
            var plugins = new PluginServers(settings);
            var server = new Server(settings, declaration, plugins.chain(declaration, settings));
            server.start();
            return new StandIn(settings, plugins, server);
        }

        private Declaration declaration(Settings settings) throws InterruptedException {
            var file = option("--config").map(Path::of).or(settings::declarativeConfig);
            if (file.isEmpty()) {
                problems.add("declarative_config", "a kong.yml is needed: --config FILE");
                problems.check();
            }
            return KongYml.read(file.orElseThrow(), pluginTypes(settings), environment, problems);
        }

        private Map<String, PluginType> pluginTypes(Settings settings) throws InterruptedException {
            var types = new HashMap<String, PluginType>();
            if (settings.plugins().contains("bundled")) {
                Bundled.types().forEach(type -> types.put(type.name(), type));
            }
            for (var plugins : settings.pluginServers()) {
                PluginDumps.query(plugins, problems)
                        .filter(plugin -> settings.plugins().contains(plugin.name()))
                        .ifPresent(plugin -> types.put(plugin.name(), plugin));
            }
            for (var name : settings.plugins()) {
                if (!name.equals("bundled") && !types.containsKey(name)) {
                    problems.add("plugins", name + " plugin is enabled but not installed");
                }
            }
            return types;
        }

        private Settings withPorts(Settings settings) {
            var proxies = new ArrayList<Listen>();
            listen("--proxy-port", false).ifPresent(proxies::add);
            listen("--tls-port", true).ifPresent(proxies::add);
            return settings.withListeners(
                    proxies.isEmpty() ? settings.proxyListen() : proxies,
                    listen("--status-port", false).map(List::of).orElse(settings.statusListen()));
        }

        private Optional<Listen> listen(String option, boolean tls) {
            var text = option(option).orElse("");
            if (!text.matches("\\d{1,5}")) {
                if (!text.isEmpty()) {
                    problems.add(option, "expected a port, not: " + text);
                }
                return Optional.empty();
            }
            return Optional.of(new Listen("127.0.0.1", Integer.parseInt(text), tls));
        }

        private Optional<String> option(String name) {
            return Optional.ofNullable(options.get(name));
        }
    }
}
