// SPDX-License-Identifier: Apache-2.0
/** OpenAI's responses, on model servers that speak chat completions. */
@NullMarked
package ai.jan.llm.response;

import org.jspecify.annotations.NullMarked;
