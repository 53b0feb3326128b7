// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Plugin;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin object that all instances of one configuration share. It is made when it is first
 * needed; if that fails it is tried again, but not for each request.
 */
final class SharedPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPlugin.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Callable<? extends Plugin> factory;
    private @Nullable Plugin plugin;
    private @Nullable Throwable failure;
    private long failedAt;

    /** How many instances and running events use it; guarded by {@link SharedPlugins}. */
    int users;

    SharedPlugin(Callable<? extends Plugin> factory) {
        this.factory = factory;
    }

    /**
     * @throws PluginUnavailable if it cannot be made
     */
    synchronized Plugin get() throws PluginUnavailable {
        if (plugin != null) {
            return plugin;
        }
        if (failure != null && System.nanoTime() - failedAt < RETRY.toNanos()) {
            throw new PluginUnavailable(failure);
        }
        try {
            plugin = factory.call();
            failure = null;
            return plugin;
        } catch (Throwable e) { // whatever it is, it is one configuration's trouble
            failure = e;
            failedAt = System.nanoTime();
            throw new PluginUnavailable(e);
        }
    }

    synchronized void close() {
        try {
            if (plugin != null) {
                plugin.close();
            }
        } catch (Throwable e) { // nobody is left to hear of it
            LOG.error("a plugin failed to close", e);
        } finally {
            plugin = null;
        }
    }

    /** The plugin of a configuration could not be made. */
    static final class PluginUnavailable extends Exception {
        PluginUnavailable(Throwable cause) {
            super("the plugin could not be made for its configuration", cause);
        }
    }
}
