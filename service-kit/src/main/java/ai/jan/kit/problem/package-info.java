// SPDX-License-Identifier: Apache-2.0
/** Errors as OpenAI clients expect them. */
@NullMarked
package ai.jan.kit.problem;

import org.jspecify.annotations.NullMarked;
