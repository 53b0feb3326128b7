// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.Declaration;
import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.config.PluginType;
import ai.jan.gateway.config.Settings;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The plugin servers that a configuration talks to, one worker's connections for each socket. */
public final class PluginServers implements AutoCloseable {
    private final Map<Path, KongWorker> workers = new HashMap<>();
    private final Timeouts timeouts;

    public PluginServers(Settings settings) {
        timeouts = Timeouts.of(Duration.ofMillis(settings.luaTimeouts().read()));
    }

    /** The plugins of a declaration, ready to run. */
    public PluginChain chain(Declaration declaration, Settings settings) {
        var pdk = new KongPdk(declaration.consumers(), settings.trustedIps());
        long seq = System.nanoTime() & 0xffff_ffffL;
        return new PluginChain(declaration.plugins(), entity -> external(entity, pdk, seq));
    }

    private ExternalPlugin external(PluginEntity entity, KongPdk pdk, long seq) {
        if (!(entity.type() instanceof PluginType.External type)) {
            throw new IllegalArgumentException("not an external plugin: " + entity.name());
        }
        var worker =
                workers.computeIfAbsent(type.socket(), socket -> new KongWorker(socket, timeouts));
        return new ExternalPlugin(type, entity, worker, pdk, seq);
    }

    @Override
    public void close() {
        workers.values().forEach(KongWorker::close);
    }
}
