// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.metrics.MetricsServer;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.PluginDump;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin server, and the tools that belong to it. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final String SERVE = "serve --socket PATH";

    private Main() {}

    public static void main(String[] arguments) {
        Lifecycle.run(arguments, Main::run);
    }

    private static void run(Lifecycle lifecycle) throws IOException, InterruptedException {
        var arguments = lifecycle.arguments();
        switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
            case "serve" -> serve(lifecycle);
            case "dump" -> dump(arguments);
            case "api-key" -> new ApiKeyCommand(Clock.systemUTC(), System.out).run(lifecycle);
            default ->
                    throw ProcessFailure.usage("usage:", SERVE, "dump PLUGIN", ApiKeyCommand.USAGE);
        }
    }

    private static void serve(Lifecycle lifecycle) throws IOException, InterruptedException {
        var arguments = lifecycle.arguments();
        var options =
                CommandLine.options(
                        arguments.subList(1, arguments.size()), Set.of("--socket"), SERVE);
        var socket = options.get("--socket");
        if (socket == null) {
            throw ProcessFailure.usage("usage: " + SERVE);
        }
        var settings = PluginsSettings.from(lifecycle.environment());
        settings.lines().forEach(LOG::info);
        var metrics = Metrics.ofThisProcess();
        if (settings.metrics().isPresent()) {
            var server = MetricsServer.start(settings.metrics().get(), metrics);
            lifecycle.onStop("metrics", server);
            LOG.info("metrics on port {}", server.port());
        }
        var events = new CountedEvents(metrics.plugins());
        var tracing =
                lifecycle.onStop("tracing", Tracing.start("kong-plugins", lifecycle.environment()));
        var telemetry = new Telemetry(metrics, tracing);
        var process = PluginProcess.start(settings, Path.of(socket), events, telemetry);
        lifecycle.onStop("plugin server", process);
        process.checkDatabase();
        lifecycle.awaitStop();
    }

    private static void dump(List<String> arguments) {
        var plugins = Plugins.described();
        for (var plugin : plugins) {
            if (arguments.size() == 2 && plugin.name().equals(arguments.get(1))) {
                System.out.print(PluginDump.of(plugin).toJson());
                return;
            }
        }
        throw ProcessFailure.usage(
                "usage: dump PLUGIN",
                plugins.stream()
                        .map(PluginDefinition::name)
                        .collect(Collectors.joining(", ", "plugins: ", "")));
    }
}
