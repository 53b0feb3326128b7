// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Plugin;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The plugin objects in use, one for each distinct configuration: Kong starts the same one again in
 * each worker and whenever anything in its configuration changes. Thread-safe.
 */
final class SharedPlugins {
    /** The same plugin with an equal configuration. */
    record Key(String plugin, Record config) {}

    private final Map<Key, SharedPlugin> plugins = new HashMap<>();

    /** Begins to use one. */
    synchronized SharedPlugin retain(Key key, Callable<? extends Plugin> factory) {
        var plugin = plugins.computeIfAbsent(key, _ -> new SharedPlugin(factory));
        plugin.users++;
        return plugin;
    }

    /** Ends using one; the last one to do so closes it. */
    void release(Key key, SharedPlugin plugin) {
        synchronized (this) {
            if (--plugin.users > 0) {
                return;
            }
            plugins.remove(key, plugin);
        }
        plugin.close();
    }

    synchronized int size() {
        return plugins.size();
    }
}
