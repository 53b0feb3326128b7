// SPDX-License-Identifier: Apache-2.0
/** Chat completions that are kept: storage, shapes, routes. */
@NullMarked
package ai.jan.llm.completion;

import org.jspecify.annotations.NullMarked;
