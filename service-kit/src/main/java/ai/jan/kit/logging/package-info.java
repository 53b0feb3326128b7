// SPDX-License-Identifier: Apache-2.0
/** How the processes log: a line of JSON per event. */
@NullMarked
package ai.jan.kit.logging;

import org.jspecify.annotations.NullMarked;
