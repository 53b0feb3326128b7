// SPDX-License-Identifier: Apache-2.0
/** The platform with everything on against the gateways of others, in turns on one machine. */
@NullMarked
package ai.jan.bench.peers;

import org.jspecify.annotations.NullMarked;
