// SPDX-License-Identifier: Apache-2.0
/** Texts as vectors. */
@NullMarked
package ai.jan.tools.embed;

import org.jspecify.annotations.NullMarked;
