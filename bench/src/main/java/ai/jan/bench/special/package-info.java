// SPDX-License-Identifier: Apache-2.0
/** Loads that are not the usual one: many that wait, some that do not read, all that leave. */
@NullMarked
package ai.jan.bench.special;

import org.jspecify.annotations.NullMarked;
