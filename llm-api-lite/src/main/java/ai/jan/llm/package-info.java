// SPDX-License-Identifier: Apache-2.0
/** Keeps conversations and forwards chats to the model servers. */
@NullMarked
package ai.jan.llm;

import org.jspecify.annotations.NullMarked;
