// SPDX-License-Identifier: Apache-2.0
/** The plugin kit against Kong's other PDKs, all driven in the same way over their sockets. */
@NullMarked
package ai.jan.bench.pdk;

import org.jspecify.annotations.NullMarked;
