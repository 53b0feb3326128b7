// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Plugin;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin object that all instances of one configuration share. It is made when it is first
 * needed, on a thread of its own, because that may take long; if it fails it is tried again, but
 * not for each request.
 */
final class SharedPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPlugin.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Callable<? extends Plugin> factory;
    private @Nullable Making making;

    /** How many instances and running events use it; guarded by {@link SharedPlugins}. */
    int users;

    SharedPlugin(Callable<? extends Plugin> factory) {
        this.factory = factory;
    }

    /**
     * Waits until it is made.
     *
     * @throws PluginUnavailable if it cannot be made
     */
    Plugin get() throws PluginUnavailable, InterruptedException {
        try {
            return making().get();
        } catch (ExecutionException e) {
            throw new PluginUnavailable(e);
        }
    }

    /**
     * Begins to make it, and waits a little.
     *
     * @return whether it is made
     * @throws PluginUnavailable if it cannot be made
     */
    boolean prepare(Duration patience) throws PluginUnavailable, InterruptedException {
        try {
            making().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new PluginUnavailable(e);
        }
    }

    private synchronized Making making() {
        if (making == null || making.failedLongAgo()) {
            making = new Making(factory);
            Thread.ofPlatform().daemon().name("plugin-factory").start(making);
        }
        return making;
    }

    void close() {
        Making last;
        synchronized (this) {
            last = making;
            making = null;
        }
        if (last != null) {
            last.abandon();
        }
    }

    /** One attempt to make it. */
    private static final class Making extends FutureTask<Plugin> {
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile boolean abandoned;
        private volatile long endedAt;

        Making(Callable<? extends Plugin> factory) {
            super(factory::call);
        }

        boolean failedLongAgo() {
            return state() == State.FAILED && System.nanoTime() - endedAt > RETRY.toNanos();
        }

        void abandon() {
            abandoned = true;
            closeIfMade();
        }

        @Override
        protected void done() {
            endedAt = System.nanoTime();
            if (abandoned) {
                closeIfMade();
            }
        }

        private void closeIfMade() {
            if (state() == State.SUCCESS && closed.compareAndSet(false, true)) {
                try {
                    resultNow().close();
                } catch (Throwable e) { // nobody is left to hear of it
                    LOG.error("a plugin failed to close", e);
                }
            }
        }
    }

    /** The plugin of a configuration could not be made. */
    static final class PluginUnavailable extends Exception {
        PluginUnavailable(ExecutionException failure) {
            super("the plugin could not be made for its configuration", failure.getCause());
        }
    }
}
