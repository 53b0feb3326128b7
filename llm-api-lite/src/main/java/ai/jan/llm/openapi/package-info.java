// SPDX-License-Identifier: Apache-2.0
/** The description of this service's routes. */
@NullMarked
package ai.jan.llm.openapi;

import org.jspecify.annotations.NullMarked;
