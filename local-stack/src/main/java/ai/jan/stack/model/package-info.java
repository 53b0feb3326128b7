// SPDX-License-Identifier: Apache-2.0
/** A small model server with the OpenAI chat API. */
@NullMarked
package ai.jan.stack.model;

import org.jspecify.annotations.NullMarked;
