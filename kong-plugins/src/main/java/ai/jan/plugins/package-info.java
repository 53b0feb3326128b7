// SPDX-License-Identifier: Apache-2.0
/** Jan's Kong plugins: one process, and what its plugins share. */
@NullMarked
package ai.jan.plugins;

import org.jspecify.annotations.NullMarked;
