// SPDX-License-Identifier: Apache-2.0
/** SLF4J for plugins: what they log goes to Kong's error log, or to a file. */
@NullMarked
package ai.jan.kong.pdk.logging;

import org.jspecify.annotations.NullMarked;
