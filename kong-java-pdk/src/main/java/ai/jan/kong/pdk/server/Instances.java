// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.config.InvalidConfig;
import ai.jan.kong.pdk.message.CmdStartInstance;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances that Kong's workers have started. Ids begin at a random number, so that an id from
 * before a restart does not mean another configuration now. Instances do not expire: Kong may come
 * back with an id after any time. What it may have forgotten without a word (contract 2.5) gives up
 * its plugin object after an hour without an event; and of very many instances those that were used
 * last are kept, the others Kong starts again. Closed ones are remembered for a while, because an
 * event may overtake the news. Thread-safe.
 */
final class Instances {
    private static final Logger LOG = LoggerFactory.getLogger(Instances.class);
    private static final int MAX_CLOSED = 1024;

    /** Far more than all workers of a Kong have plugins configured. */
    static final int MAX_OPEN = 8192;

    private static final Duration REST_AFTER = Duration.ofHours(1);

    /** Kong lets the other requests of its worker wait for an instance for ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<String, RegisteredPlugin<?, ?>> plugins;
    private final SharedPlugins shared;
    private final EventListener listener;
    private final Clock clock;
    private final AtomicInteger lastId = new AtomicInteger(new SecureRandom().nextInt() >>> 1);
    private final Map<Integer, OpenInstance> open = new ConcurrentHashMap<>();
    private final Map<Integer, Instance> closed =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Instance> eldest) {
                    return size() > MAX_CLOSED;
                }
            };

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
        var instance = instance(nextId(), command, clock.instant().getEpochSecond());
        var started = new OpenInstance(instance, shared);
        prepare(instance.plugin(), started);
        open.put(instance.id(), started);
        tidy();
        return instance;
    }

    private Instance instance(int id, CmdStartInstance command, long now) {
        var name = command.name();
        try {
            var plugin = plugins.get(name);
            if (plugin == null) {
                throw new InvalidConfig("this plugin server has no plugin " + name);
            }
            return new Instance.Usable(id, name, now, plugin.configure(command.config()));
        } catch (InvalidConfig e) {
            return refused(id, name, now, e);
        } catch (RuntimeException | Error e) { // a class that is not there, most likely
            var reason = "config cannot be read: " + e.getClass().getName();
            return refused(id, name, now, new InvalidConfig(reason));
        }
    }

    private Instance refused(int id, String plugin, long now, InvalidConfig reason) {
        LOG.error("{}: its requests will fail: {}", plugin, reason.getMessage());
        tellRefused(plugin);
        return new Instance.Refused(id, plugin, now, reason);
    }

    private static void prepare(String name, OpenInstance instance) {
        var plugin = instance.hold();
        try {
            if (plugin != null && !plugin.prepare(PATIENCE)) {
                LOG.warn("{} is still being made; its requests wait for it", name);
            }
        } catch (SharedPlugin.PluginUnavailable e) {
            LOG.error("{}: {}; tried again later", name, e.getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server stops
        }
    }

    /** When Kong starts instances it has a new configuration, and may have forgotten old ones. */
    private void tidy() {
        long now = System.nanoTime();
        open.values().stream()
                .filter(instance -> now - instance.usedAt() > REST_AFTER.toNanos())
                .forEach(OpenInstance::rest);
        if (open.size() > MAX_OPEN) {
            open.entrySet().stream()
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().usedAt() - now))
                    .limit(MAX_OPEN / 8)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(this::close);
        }
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
            return Optional.of(found.use());
        }
        synchronized (closed) {
            return Optional.ofNullable(closed.get(id));
        }
    }

    void close(int id) {
        var found = open.remove(id);
        if (found != null) {
            synchronized (closed) {
                closed.put(id, found.use());
            }
            found.rest();
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
