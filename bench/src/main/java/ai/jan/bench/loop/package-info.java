// SPDX-License-Identifier: Apache-2.0
/** Many connections on one thread, and what is due at its time. */
@NullMarked
package ai.jan.bench.loop;

import org.jspecify.annotations.NullMarked;
