// SPDX-License-Identifier: Apache-2.0
/**
 * Plays Kong's side of the plugin socket: {@link ai.jan.kong.testkit.KongWorker} runs events on a
 * real plugin server, and whoever calls it answers the server's calls.
 */
@NullMarked
package ai.jan.kong.testkit;

import org.jspecify.annotations.NullMarked;
