// SPDX-License-Identifier: Apache-2.0
/** Tests of the package of the same name. */
@NullMarked
package ai.jan.gateway.plugins;

import org.jspecify.annotations.NullMarked;
