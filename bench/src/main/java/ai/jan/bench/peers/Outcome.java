// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

/** What became of one contender under one workload. */
sealed interface Outcome {
    /** It answered everything. */
    record Measured(Figures figures) implements Outcome {}

    /** It did not: there are no figures, and this says why. */
    record Failed(String why) implements Outcome {}
}
