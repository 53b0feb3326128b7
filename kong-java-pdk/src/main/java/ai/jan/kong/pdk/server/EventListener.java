// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Phase;

/**
 * Is told what a plugin server does: for metrics and tests. Must be quick and thread-safe; what it
 * throws is logged and harms nothing.
 */
@FunctionalInterface
public interface EventListener {
    /** An event is over, whatever became of it. */
    void ended(EventReport report);

    /** An event has begun; {@link #ended} follows. */
    default void started(String plugin, Phase phase) {}

    /** Kong has started an instance with a configuration that does not fit the plugin. */
    default void refused(String plugin) {}
}
