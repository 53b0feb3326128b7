// SPDX-License-Identifier: Apache-2.0
/** Measurements of the platform as files describe them: {@code bench/scenarios}. */
@NullMarked
package ai.jan.bench.scenario;

import org.jspecify.annotations.NullMarked;
