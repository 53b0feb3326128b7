// SPDX-License-Identifier: Apache-2.0
/** Processes that are started, watched, started again and stopped. */
@NullMarked
package ai.jan.stack.process;

import org.jspecify.annotations.NullMarked;
