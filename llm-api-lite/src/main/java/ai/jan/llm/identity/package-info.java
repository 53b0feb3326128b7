// SPDX-License-Identifier: Apache-2.0
/** Who is calling, as the gateway signed it. */
@NullMarked
package ai.jan.llm.identity;

import org.jspecify.annotations.NullMarked;
