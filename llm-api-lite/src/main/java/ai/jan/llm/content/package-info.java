// SPDX-License-Identifier: Apache-2.0
/** What was said, for spans, where whoever operates this has opted in. */
@NullMarked
package ai.jan.llm.content;

import org.jspecify.annotations.NullMarked;
