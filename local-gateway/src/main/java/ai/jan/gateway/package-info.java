// SPDX-License-Identifier: Apache-2.0
/** A development stand-in for Kong Gateway. */
@NullMarked
package ai.jan.gateway;

import org.jspecify.annotations.NullMarked;
