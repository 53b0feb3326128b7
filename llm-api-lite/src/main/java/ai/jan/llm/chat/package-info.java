// SPDX-License-Identifier: Apache-2.0
/** Chat completions: what may be asked, what is relayed, what is kept. */
@NullMarked
package ai.jan.llm.chat;

import org.jspecify.annotations.NullMarked;
