// SPDX-License-Identifier: Apache-2.0
/** Kong's functions in Java form, on top of whatever carries a call to Kong. */
@NullMarked
package ai.jan.kong.pdk.calls;

import org.jspecify.annotations.NullMarked;
