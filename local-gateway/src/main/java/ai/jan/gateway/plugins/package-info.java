// SPDX-License-Identifier: Apache-2.0
/** Bundled plugins, external plugins over the socket, and which of them apply to a request. */
@NullMarked
package ai.jan.gateway.plugins;

import org.jspecify.annotations.NullMarked;
