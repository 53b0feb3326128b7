// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Phase;
import java.time.Duration;

/**
 * How one event went.
 *
 * @param calls how many functions of Kong were called
 * @param roundTrips how often the plugin waited for Kong; what travels with the end of the event is
 *     not counted
 * @param duration from Kong's command to its end
 */
public record EventReport(
        String plugin, Phase phase, Ending ending, int calls, int roundTrips, Duration duration) {
    /** How an event can end. */
    public enum Ending {
        /** The phase method returned. */
        COMPLETED,
        /** The plugin answered the request. */
        EXITED,
        /** The plugin threw. */
        FAILED,
        /** The plugin took longer than it may. */
        EXPIRED,
        /** Kong refused a call, or has gone. */
        LOST
    }
}
