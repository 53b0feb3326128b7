// SPDX-License-Identifier: Apache-2.0
/** Conversations and their items: storage, shapes, routes. */
@NullMarked
package ai.jan.llm.conversation;

import org.jspecify.annotations.NullMarked;
