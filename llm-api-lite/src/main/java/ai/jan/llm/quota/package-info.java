// SPDX-License-Identifier: Apache-2.0
/**
 * What the gateway reserved for a request: extended, kept alive, and settled with the real usage.
 */
@NullMarked
package ai.jan.llm.quota;

import org.jspecify.annotations.NullMarked;
