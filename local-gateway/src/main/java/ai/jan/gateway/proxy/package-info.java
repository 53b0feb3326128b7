// SPDX-License-Identifier: Apache-2.0
/** HTTP/1.1 towards clients and services, byte for byte as nginx and Kong do it. */
@NullMarked
package ai.jan.gateway.proxy;

import org.jspecify.annotations.NullMarked;
