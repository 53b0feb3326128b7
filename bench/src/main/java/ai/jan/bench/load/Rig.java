// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.model.MockModel;
import ai.jan.bench.platform.Platform;
import ai.jan.bench.platform.Target;
import java.time.Duration;

/**
 * What a measurement has at hand.
 *
 * @param model that answers in the end
 * @param platform that is measured
 * @param direct the model itself, for comparison
 * @param target the entrance of the chain that is measured
 * @param duration for how long requests are to be made, if the measurement is not done earlier
 */
public record Rig(
        MockModel model, Platform platform, Target direct, Target target, Duration duration) {}
