// SPDX-License-Identifier: Apache-2.0
/** Projects: conversations that belong together, and the instruction they share. */
@NullMarked
package ai.jan.llm.project;

import org.jspecify.annotations.NullMarked;
