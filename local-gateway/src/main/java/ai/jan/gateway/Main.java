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
import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts the stand-in gateway: {@code --config kong.yml --conf kong.conf} and ports. */
public final class Main {
    private static final List<String> OPTIONS =
            List.of("--config", "--conf", "--proxy-port", "--tls-port", "--status-port");

    private final Map<String, String> options;
    private final Map<String, String> environment;
    private final Problems problems = new Problems();

    private Main(Map<String, String> options, Map<String, String> environment) {
        this.options = options;
        this.environment = environment;
    }

    public static void main(String[] arguments) {
        Lifecycle.run(
                arguments,
                life -> {
                    try {
                        new Main(options(life.arguments()), life.environment()).serve(life);
                    } catch (InvalidConfiguration e) {
                        throw ProcessFailure.configuration(e.problems());
                    }
                });
    }

    private static Map<String, String> options(List<String> arguments) {
        var options = new HashMap<String, String>();
        for (int i = 0; i < arguments.size(); i += 2) {
            if (!OPTIONS.contains(arguments.get(i)) || i + 1 == arguments.size()) {
                throw ProcessFailure.usage(
                        "usage: local-gateway --config kong.yml [--conf kong.conf]"
                                + " [--proxy-port N] [--tls-port N] [--status-port N]");
            }
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    private void serve(Lifecycle life) throws IOException, InterruptedException {
        var conf = KongConf.read(option("--conf").map(Path::of), environment, problems);
        var settings = withPorts(Settings.of(conf));
        var declaration = declaration(settings);
        problems.check();
        var plugins = life.onStop("plugin servers", new PluginServers(settings));
        var server = new Server(settings, declaration, plugins.chain(declaration, settings));
        life.onStop("gateway", (AutoCloseable) server::stop);
        server.start();
        System.out.println(
                "local-gateway stands in for Kong, for development: proxy on "
                        + settings.proxyListen()
                        + ", status on "
                        + settings.statusListen()
                        + ", no Admin API");
        life.awaitStop();
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
        for (var server : settings.pluginServers()) {
            PluginDumps.query(server, problems)
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
