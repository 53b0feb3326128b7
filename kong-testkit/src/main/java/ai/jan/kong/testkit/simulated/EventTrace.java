// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.EventOutcome;
import java.util.List;

/**
 * One phase of one plugin.
 *
 * @param calls the functions of Kong that it called, in order
 * @param roundTrips how often it waited for Kong; 0 if the plugin does not run in memory
 */
public record EventTrace(
        String plugin, Phase phase, EventOutcome outcome, List<String> calls, int roundTrips) {}
