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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin object that all instances of one configuration share. It is made when it is first
 * needed, on a thread of its own, because that may take long; if it fails it is tried again, but
 * not for each request. It is closed on a thread of its own, too.
 */
final class SharedPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPlugin.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How long to wait for a plugin to close; it goes on without anybody waiting. */
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private static final int DEAD = Integer.MIN_VALUE;

    private final Callable<? extends Plugin> factory;
    private volatile @Nullable Making making;

    /** How many instances and running events use it. */
    private final AtomicInteger users = new AtomicInteger();

    SharedPlugin(Callable<? extends Plugin> factory) {
        this.factory = factory;
    }

    /**
     * Begins to use it.
     *
     * @return false if the last user has gone: it is closed, and another one has to be made
     */
    boolean retain() {
        return users.updateAndGet(before -> before < 0 ? DEAD : before + 1) > 0;
    }

    /**
     * Ends using it.
     *
     * @return whether that was the last user, who has to close it
     */
    boolean release() {
        return users.decrementAndGet() == 0 && users.compareAndSet(0, DEAD);
    }

    /**
     * Waits until it is made.
     *
     * @throws PluginUnavailable if it cannot be made
     */
    Plugin get() throws PluginUnavailable, InterruptedException {
        var made = making;
        try {
            return (made != null && made.isMade() ? made : making()).get();
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
        var current = making;
        if (current == null || current.failedLongAgo()) {
            current = new Making(factory);
            making = current;
            Thread.ofPlatform().daemon().name("plugin-factory").start(current);
        }
        return current;
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

        boolean isMade() {
            return state() == State.SUCCESS;
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
            if (isMade() && closed.compareAndSet(false, true)) {
                var closing =
                        Thread.ofPlatform()
                                .daemon()
                                .name("plugin-close")
                                .start(() -> close(resultNow()));
                try {
                    closing.join(CLOSING); // a request may be waiting for it
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private static void close(Plugin plugin) {
            try {
                plugin.close();
            } catch (Throwable e) { // nobody is left to hear of it
                LOG.error("a plugin failed to close", e);
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
