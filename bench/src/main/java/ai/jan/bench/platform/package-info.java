// SPDX-License-Identifier: Apache-2.0
/**
 * The platform as it is measured: which of its parts are in the way, and what each of them uses.
 */
@NullMarked
package ai.jan.bench.platform;

import org.jspecify.annotations.NullMarked;
