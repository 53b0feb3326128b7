// SPDX-License-Identifier: Apache-2.0
/** Replays what a real Kong answered. */
@NullMarked
package ai.jan.gateway.golden;

import org.jspecify.annotations.NullMarked;
