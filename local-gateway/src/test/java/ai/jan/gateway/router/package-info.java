// SPDX-License-Identifier: Apache-2.0
/** Tests of the package of the same name. */
@NullMarked
package ai.jan.gateway.router;

import org.jspecify.annotations.NullMarked;
