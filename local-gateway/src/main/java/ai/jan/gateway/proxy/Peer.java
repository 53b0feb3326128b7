// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where one try of a request goes.
 *
 * @param name of the target, for the Host header; empty if the service's own is right
 */
record Peer(InetSocketAddress address, Optional<String> name) {
    /** The places for one request, and what became of the tries there. */
    interface Choice {
        /** Where the next try goes; empty if there is no place for it. */
        Optional<Peer> next();

        /** A try ended with an answer. */
        default void answered(Peer peer, int status) {}

        /** A try ended without one. */
        default void failed(Peer peer, boolean timeout) {}

        /** The answer was relayed, or there was none. */
        default void done() {}
    }
}
