// SPDX-License-Identifier: Apache-2.0
/** {@code make run}: the whole platform on one machine, without Docker. */
@NullMarked
package ai.jan.stack;

import org.jspecify.annotations.NullMarked;
