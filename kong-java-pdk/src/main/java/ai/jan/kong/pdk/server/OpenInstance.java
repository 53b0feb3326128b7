// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import org.jspecify.annotations.Nullable;

/**
 * An instance that Kong may use, and the plugin object that it keeps from being closed. Kong does
 * not tell when it has forgotten one, so the object can be put to rest and is made again when the
 * instance is used. Thread-safe.
 */
final class OpenInstance {
    private final Instance instance;
    private final SharedPlugins shared;
    private @Nullable SharedPlugin held;
    private volatile boolean resting = true;
    private volatile long usedAt = System.nanoTime();

    OpenInstance(Instance instance, SharedPlugins shared) {
        this.instance = instance;
        this.shared = shared;
    }

    /** The instance, for an event. */
    Instance use() {
        usedAt = System.nanoTime();
        if (resting) {
            hold();
        }
        return instance;
    }

    /** When it was last used, as {@link System#nanoTime}. */
    long usedAt() {
        return usedAt;
    }

    /**
     * Keeps the plugin object, which is made if there is none.
     *
     * @return the object; null if the instance has none because its configuration was refused
     */
    synchronized @Nullable SharedPlugin hold() {
        if (resting && instance instanceof Instance.Usable usable) {
            held = shared.retain(usable.configured().key(), usable.configured().factory());
        }
        resting = false;
        return held;
    }

    /** Gives the plugin object up; it is closed if nobody else uses it. */
    synchronized void rest() {
        if (held != null && instance instanceof Instance.Usable usable) {
            shared.release(usable.configured().key(), held);
            held = null;
        }
        resting = true;
    }
}
