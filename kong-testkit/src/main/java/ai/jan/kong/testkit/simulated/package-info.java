// SPDX-License-Identifier: Apache-2.0
/**
 * Kong without sockets, for tests of plugins: {@link ai.jan.kong.testkit.simulated.SimulatedKong}
 * runs plugins through a request and shows what service and client got of it. Every call goes
 * through the real codec and is answered as recorded from a real Kong, errors included.
 */
@NullMarked
package ai.jan.kong.testkit.simulated;

import org.jspecify.annotations.NullMarked;
