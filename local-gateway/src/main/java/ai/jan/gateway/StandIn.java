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
import ai.jan.gateway.proxy.Metrics;
import ai.jan.gateway.proxy.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway over one kong.yml and one kong.conf. */
public final class StandIn {
    /** The options of the command line, each with a value. */
    static final List<String> OPTIONS =
            List.of("--config", "--conf", "--proxy-port", "--tls-port", "--status-port");

    private static final Logger LOG = LoggerFactory.getLogger(StandIn.class);

    private final Loader loader;
    private final Settings settings;
    private final Metrics metrics;
    private final PluginServers plugins;
    private final Server server;

    private StandIn(
            Loader loader,
            Settings settings,
            Metrics metrics,
            PluginServers plugins,
            Server server) {
        this.loader = loader;
        this.settings = settings;
        this.metrics = metrics;
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
        var loader = new Loader(options, environment);
        var problems = new Problems();
        var settings = loader.settings(problems);
        var declaration = loader.declaration(settings, problems);
        problems.check();
        var metrics = new Metrics();
        var plugins = new PluginServers(settings);
        try {
            var chain = plugins.chain(declaration, metrics);
            var server = new Server(settings, declaration, chain, metrics);
            server.start();
            return new StandIn(loader, settings, metrics, plugins, server);
        } catch (IOException e) {
            plugins.stop();
            throw e;
        }
    }

    /**
     * Reads the configuration as {@link #start} does, and nothing more.
     *
     * @throws InvalidConfiguration if it cannot be served as Kong would
     */
    static void check(Map<String, String> options, Map<String, String> environment)
            throws InterruptedException {
        var loader = new Loader(options, environment);
        var problems = new Problems();
        loader.declaration(loader.settings(problems), problems);
        problems.check();
    }

    /**
     * Reads kong.yml again and serves it from the next request on; requests under way end as they
     * began. One that cannot be served changes nothing but the log. kong.conf is read at the start
     * only.
     */
    synchronized void reload() throws InterruptedException {
        var problems = new Problems();
        var declaration = loader.declaration(settings, problems);
        try {
            problems.check();
            server.reload(declaration, plugins.chain(declaration, metrics));
            LOG.info("kong.yml was read again");
        } catch (InvalidConfiguration e) {
            LOG.error("the new kong.yml is not served: {}", e.getMessage());
        }
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
        plugins.stop();
    }

    private static final class Loader {
        private final Map<String, String> options;
        private final Map<String, String> environment;

        Loader(Map<String, String> options, Map<String, String> environment) {
            this.options = options;
            this.environment = environment;
        }

        Settings settings(Problems problems) {
            var conf = KongConf.read(option("--conf").map(Path::of), environment, problems);
            return withPorts(Settings.of(conf), problems);
        }

        Declaration declaration(Settings settings, Problems problems) throws InterruptedException {
            var file = option("--config").map(Path::of).or(settings::declarativeConfig);
            if (file.isEmpty()) {
                problems.add("declarative_config", "a kong.yml is needed: --config FILE");
                problems.check();
            }
            return KongYml.read(
                    file.orElseThrow(), pluginTypes(settings, problems), environment, problems);
        }

        private Map<String, PluginType> pluginTypes(Settings settings, Problems problems)
                throws InterruptedException {
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

        private Settings withPorts(Settings settings, Problems problems) {
            var proxies = new ArrayList<Listen>();
            listen("--proxy-port", false, problems).ifPresent(proxies::add);
            listen("--tls-port", true, problems).ifPresent(proxies::add);
            return settings.withListeners(
                    proxies.isEmpty() ? settings.proxyListen() : proxies,
                    listen("--status-port", false, problems)
                            .map(List::of)
                            .orElse(settings.statusListen()));
        }

        private Optional<Listen> listen(String option, boolean tls, Problems problems) {
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
