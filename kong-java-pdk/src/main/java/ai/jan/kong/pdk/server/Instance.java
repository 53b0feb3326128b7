// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.config.InvalidConfig;
import ai.jan.kong.pdk.message.InstanceStatus;
import ai.jan.kong.pdk.message.Value;

/**
 * What is kept of an instance as long as Kong may use its id: little, so it can be kept for ever.
 * The plugin itself is elsewhere and can be made again.
 */
sealed interface Instance {
    int id();

    String plugin();

    /** Seconds since 1970. */
    long startedAt();

    default InstanceStatus status() {
        return new InstanceStatus(plugin(), id(), Value.nil(), startedAt());
    }

    /** An instance that works. */
    record Usable(int id, String plugin, long startedAt, RegisteredPlugin.Configured configured)
            implements Instance {}

    /**
     * An instance whose configuration we refused. Kong has no way to be told, so all its events
     * fail.
     */
    record Refused(int id, String plugin, long startedAt, InvalidConfig reason)
            implements Instance {}
}
