// SPDX-License-Identifier: Apache-2.0
/** Where PostgreSQL, Keycloak and the small model come from. */
@NullMarked
package ai.jan.stack.dist;

import org.jspecify.annotations.NullMarked;
