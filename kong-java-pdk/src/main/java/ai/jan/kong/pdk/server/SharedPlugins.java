// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Plugin;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The plugin objects in use, one for each distinct configuration: Kong starts the same one again in
 * each worker and whenever anything in its configuration changes. Thread-safe.
 */
final class SharedPlugins {
    /**
     * The same plugin with an equal configuration.
     *
     * @param hash of the two, because it is asked for in each event
     */
    record Key(String plugin, Record config, int hash) {
        Key(String plugin, Record config) {
            this(plugin, config, 31 * plugin.hashCode() + config.hashCode());
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final Map<Key, SharedPlugin> plugins = new ConcurrentHashMap<>();

    /** Begins to use one. */
    SharedPlugin retain(Key key, Callable<? extends Plugin> factory) {
        while (true) {
            var known = plugins.get(key);
            var plugin =
                    known == null
                            ? plugins.computeIfAbsent(key, _ -> new SharedPlugin(factory))
                            : known;
            if (plugin.retain()) {
                return plugin;
            }
            plugins.remove(key, plugin);
        }
    }

    /** Ends using one; the last one to do so closes it. */
    void release(Key key, SharedPlugin plugin) {
        if (plugin.release()) {
            plugins.remove(key, plugin);
            plugin.close();
        }
    }
}
