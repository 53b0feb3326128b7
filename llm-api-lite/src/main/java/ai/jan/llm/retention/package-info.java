// SPDX-License-Identifier: Apache-2.0
/** How long data is kept, and how its owner has it erased. */
@NullMarked
package ai.jan.llm.retention;

import org.jspecify.annotations.NullMarked;
