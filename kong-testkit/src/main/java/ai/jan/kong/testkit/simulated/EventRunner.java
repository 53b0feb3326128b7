// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.PdkHost;

/**
 * Runs a phase of a plugin. Besides Java plugins in memory that may be a plugin server behind a
 * {@link ai.jan.kong.testkit.KongWorker}: {@code (phase, host) -> worker.run(entity, phase, host)}.
 */
@FunctionalInterface
public interface EventRunner {
    /**
     * @param host carries out what the plugin asks of Kong
     */
    EventOutcome run(Phase phase, PdkHost host) throws InterruptedException;
}
