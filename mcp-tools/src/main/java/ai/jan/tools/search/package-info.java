// SPDX-License-Identifier: Apache-2.0
/** Search engines. */
@NullMarked
package ai.jan.tools.search;

import org.jspecify.annotations.NullMarked;
