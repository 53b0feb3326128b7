// SPDX-License-Identifier: Apache-2.0
/** The plugin jan-rewrite: what may be asked, and how. */
@NullMarked
package ai.jan.plugins.rewrite;

import org.jspecify.annotations.NullMarked;
