// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import java.util.Set;

/** A plugin that takes part in all requests. */
record SimulatedPlugin(String name, int priority, Set<Phase> phases, EventRunner runner) {}
