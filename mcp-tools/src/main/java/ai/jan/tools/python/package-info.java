// SPDX-License-Identifier: Apache-2.0
/** Code in a sandbox. */
@NullMarked
package ai.jan.tools.python;

import org.jspecify.annotations.NullMarked;
