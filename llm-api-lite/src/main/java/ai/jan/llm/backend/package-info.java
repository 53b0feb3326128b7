// SPDX-License-Identifier: Apache-2.0
/** The model servers: which there are, which one is asked, how it is asked. */
@NullMarked
package ai.jan.llm.backend;

import org.jspecify.annotations.NullMarked;
