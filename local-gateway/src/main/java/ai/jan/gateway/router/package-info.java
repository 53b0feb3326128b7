// SPDX-License-Identifier: Apache-2.0
/**
 * Finds the route of a request and the path towards its service, as Kong's traditional_compatible
 * router does.
 */
@NullMarked
package ai.jan.gateway.router;

import org.jspecify.annotations.NullMarked;
