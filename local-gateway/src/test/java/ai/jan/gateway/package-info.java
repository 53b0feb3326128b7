// SPDX-License-Identifier: Apache-2.0
/** The stand-in from outside: over sockets, as clients and services see it. */
@NullMarked
package ai.jan.gateway;

import org.jspecify.annotations.NullMarked;
