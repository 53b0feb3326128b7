// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.platform.Target;

/**
 * One of those that are compared; it is running.
 *
 * @param name in tables; says which gateway it is
 * @param target where it is asked
 * @param processes whose processor time is its own
 */
record Contender(String name, Target target, Processes processes) {}
