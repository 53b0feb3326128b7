// SPDX-License-Identifier: Apache-2.0
/** Write Kong plugins in Java. */
@NullMarked
package ai.jan.kong.pdk;

import org.jspecify.annotations.NullMarked;
