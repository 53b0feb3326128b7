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

/** Starts the stand-in gateway: {@code --config kong.yml --conf kong.conf} and ports. */
public final class Main {
    private static final int USAGE = 64;
    private static final int UNAVAILABLE = 69;
    private static final int CONFIGURATION = 78;
    private static final List<String> OPTIONS =
            List.of("--config", "--conf", "--proxy-port", "--tls-port", "--status-port");

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        var options = new HashMap<String, String>();
        for (int i = 0; i < args.length; i += 2) {
            if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
                System.err.println(
                        "usage: local-gateway --config kong.yml [--conf kong.conf]"
                                + " [--proxy-port N] [--tls-port N] [--status-port N]");
                System.exit(USAGE);
            }
            options.put(args[i], args[i + 1]);
        }
        try {
            serve(options, System.getenv());
        } catch (InvalidConfiguration e) {
            e.problems().forEach(problem -> System.err.println("local-gateway: " + problem));
            System.exit(CONFIGURATION);
        } catch (IOException e) {
            System.err.println("local-gateway: cannot listen: " + e.getMessage());
            System.exit(UNAVAILABLE);
        }
    }

    private static void serve(Map<String, String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        var problems = new Problems();
        var conf =
                KongConf.read(
                        Optional.ofNullable(options.get("--conf")).map(Path::of),
                        environment,
                        problems);
        var settings = withPorts(Settings.of(conf), options, problems);
        var declaration = declaration(settings, options, environment, problems);
        problems.check();
        var plugins = new PluginServers(settings);
        var server = new Server(settings, declaration, plugins.chain(declaration, settings));
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("stop").unstarted(() -> stop(server, plugins)));
        server.start();
        System.out.println(
                "local-gateway stands in for Kong, for development: proxy on "
                        + settings.proxyListen()
                        + ", status on "
                        + settings.statusListen());
        Thread.currentThread().join();
    }

    private static Declaration declaration(
            Settings settings,
            Map<String, String> options,
            Map<String, String> environment,
            Problems problems)
            throws InterruptedException {
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
        var file =
                Optional.ofNullable(options.get("--config"))
                        .map(Path::of)
                        .or(settings::declarativeConfig);
        if (file.isEmpty()) {
            problems.add("declarative_config", "a kong.yml is needed: --config FILE");
            problems.check();
        }
        return KongYml.read(file.orElseThrow(), types, environment, problems);
    }

    private static Settings withPorts(
            Settings settings, Map<String, String> options, Problems problems) {
        var proxies = new ArrayList<Listen>();
        listen(options, "--proxy-port", false, problems).ifPresent(proxies::add);
        listen(options, "--tls-port", true, problems).ifPresent(proxies::add);
        var status = listen(options, "--status-port", false, problems);
        return settings.withListeners(
                proxies.isEmpty() ? settings.proxyListen() : proxies,
                status.map(List::of).orElse(settings.statusListen()));
    }

    private static Optional<Listen> listen(
            Map<String, String> options, String option, boolean tls, Problems problems) {
        var text = options.get(option);
        if (text == null) {
            return Optional.empty();
        }
        if (!text.matches("\\d{1,5}")) {
            problems.add(option, "expected a port, not: " + text);
            return Optional.empty();
        }
        return Optional.of(new Listen("127.0.0.1", Integer.parseInt(text), tls));
    }

    private static void stop(Server server, PluginServers plugins) {
        try {
            server.stop();
            plugins.close();
        } catch (IOException e) {
            System.err.println("local-gateway: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
