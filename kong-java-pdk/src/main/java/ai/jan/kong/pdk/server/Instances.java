// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.config.InvalidConfig;
import ai.jan.kong.pdk.message.CmdStartInstance;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances that Kong's workers have started. Ids begin at a random number, so that an id from
 * before a restart does not mean another configuration now. Instances are not expired: Kong may
 * come back with an id after any time. Closed ones are remembered for a while, because an event may
 * overtake the news. Thread-safe.
 */
final class Instances {
    private static final Logger LOG = LoggerFactory.getLogger(Instances.class);
    private static final int MAX_CLOSED = 4096;

    /** Kong lets the other requests of its worker wait for an instance for ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<String, RegisteredPlugin<?, ?>> plugins;
    private final SharedPlugins shared;
    private final EventListener listener;
    private final Clock clock;
    private final AtomicInteger lastId = new AtomicInteger(new SecureRandom().nextInt() >>> 1);
    private final Map<Integer, Open> open = new ConcurrentHashMap<>();
    private final Map<Integer, Instance> closed =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Instance> eldest) {
                    return size() > MAX_CLOSED;
                }
            };

    /** An instance, and the plugin object that it keeps from being closed. */
    private record Open(Instance instance, Runnable release) {}

    Instances(
            Map<String, RegisteredPlugin<?, ?>> plugins,
            SharedPlugins shared,
            EventListener listener,
            Clock clock) {
        this.plugins = Map.copyOf(plugins);
        this.shared = shared;
        this.listener = listener;
        this.clock = clock;
    }

    /** Starts one. Always gives an instance: if the configuration is bad, one whose events fail. */
    Instance start(CmdStartInstance command) {
        int id = nextId();
        long now = clock.instant().getEpochSecond();
        Open started;
        try {
            var plugin = plugins.get(command.name());
            if (plugin == null) {
                throw new InvalidConfig("this plugin server has no plugin " + command.name());
            }
            started =
                    usable(
                            new Instance.Usable(
                                    id, command.name(), now, plugin.configure(command.config())));
        } catch (InvalidConfig e) {
            LOG.error("{}: its requests will fail: {}", command.name(), e.getMessage());
            tellRefused(command.name());
            started = new Open(new Instance.Refused(id, command.name(), now, e), () -> {});
        }
        open.put(id, started);
        return started.instance();
    }

    private Open usable(Instance.Usable instance) {
        var configured = instance.configured();
        var plugin = shared.retain(configured.key(), configured.factory());
        try {
            if (!plugin.prepare(PATIENCE)) {
                LOG.warn("{} is still being made; its requests wait for it", instance.plugin());
            }
        } catch (SharedPlugin.PluginUnavailable e) {
            LOG.error("{}: {}; tried again later", instance.plugin(), e.getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server stops
        }
        return new Open(instance, () -> shared.release(configured.key(), plugin));
    }

    private void tellRefused(String plugin) {
        try {
            listener.refused(plugin);
        } catch (RuntimeException e) {
            LOG.error("the listener failed", e);
        }
    }

    Optional<Instance> find(int id) {
        var found = open.get(id);
        if (found != null) {
            return Optional.of(found.instance());
        }
        synchronized (closed) {
            return Optional.ofNullable(closed.get(id));
        }
    }

    void close(int id) {
        var found = open.remove(id);
        if (found != null) {
            synchronized (closed) {
                closed.put(id, found.instance());
            }
            found.release().run();
        }
    }

    /** Gives up all plugin objects; events still under way keep theirs until they end. */
    void closeAll() {
        open.keySet().forEach(this::close);
    }

    private int nextId() {
        return lastId.updateAndGet(id -> id == Integer.MAX_VALUE ? 1 : id + 1);
    }
}
