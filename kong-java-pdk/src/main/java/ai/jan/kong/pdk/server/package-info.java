// SPDX-License-Identifier: Apache-2.0
/** The plugin server: the process that Kong's workers talk to. */
@NullMarked
package ai.jan.kong.pdk.server;

import org.jspecify.annotations.NullMarked;
