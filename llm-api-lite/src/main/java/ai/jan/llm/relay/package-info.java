// SPDX-License-Identifier: Apache-2.0
/** Passes on what clients ask and models answer, and changes as little as can be. */
@NullMarked
package ai.jan.llm.relay;

import org.jspecify.annotations.NullMarked;
