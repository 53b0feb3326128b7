// SPDX-License-Identifier: Apache-2.0
/** What is wrong with a request, in the codes that OpenAI clients know. */
@NullMarked
package ai.jan.llm.validation;

import org.jspecify.annotations.NullMarked;
