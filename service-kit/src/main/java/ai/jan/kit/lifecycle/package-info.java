// SPDX-License-Identifier: Apache-2.0
/** How a process of the platform starts, ends, and says why. */
@NullMarked
package ai.jan.kit.lifecycle;

import org.jspecify.annotations.NullMarked;
