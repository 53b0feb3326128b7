// SPDX-License-Identifier: Apache-2.0
/** The end of guests. */
@NullMarked
package ai.jan.plugins.guests;

import org.jspecify.annotations.NullMarked;
