// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.Declaration;
import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.config.PluginType;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.proxy.Metrics;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The plugin servers that a configuration talks to, one worker's connections for each socket. */
public final class PluginServers {
    private final Map<Path, KongWorker> workers = new HashMap<>();
    private final Settings settings;
    private final Timeouts timeouts;
    private final List<ServerProcess> processes;

    public PluginServers(Settings settings) {
        this.settings = settings;
        processes =
                settings.pluginServers().stream()
                        .flatMap(server ->
                                server.startCommand().stream()
                                        .map(command -> new ServerProcess(server, command)))
                        .toList();
        timeouts = Timeouts.of(Duration.ofMillis(settings.luaTimeouts().read()));
    }

    /** The plugins of a declaration, ready to run. */
    public PluginChain chain(Declaration declaration, Metrics metrics) {
        var pdk = new KongPdk(declaration, settings.trustedIps(), metrics.node());
        long seq = System.nanoTime() & 0xffff_ffffL;
        return new PluginChain(
                declaration.plugins(),
                entity -> Bundled.plugin(entity, settings, metrics),
                entity -> external(entity, pdk, seq),
                metrics::request);
    }

    private ExternalPlugin external(PluginEntity entity, KongPdk pdk, long seq) {
        if (!(entity.type() instanceof PluginType.External type)) {
            throw new IllegalArgumentException("not an external plugin: " + entity.name());
        }
        var worker =
                workers.computeIfAbsent(type.socket(), socket -> new KongWorker(socket, timeouts));
        return new ExternalPlugin(type, entity, worker, pdk, seq);
    }

    /** Closes the connections and stops what the gateway has started. */
    public void stop() throws InterruptedException {
        workers.values().forEach(KongWorker::close);
        for (var process : processes) {
            process.stop();
        }
    }
}
