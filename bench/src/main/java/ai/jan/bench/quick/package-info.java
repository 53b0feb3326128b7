// SPDX-License-Identifier: Apache-2.0
/** A few ratios that tell in minutes whether a change has made the main paths slower. */
@NullMarked
package ai.jan.bench.quick;

import org.jspecify.annotations.NullMarked;
