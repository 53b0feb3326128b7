// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Kong's side of one connection: the commands it sends and the answers it gives, each in a write of
 * its own as Kong does it. For one thread.
 */
interface Conversation {
    /** Takes what is to be sent. */
    @FunctionalInterface
    interface Out {
        void send(ByteBuffer message) throws IOException;
    }

    /** Starts the instance that runs the script; {@link #advance} tells when it is there. */
    void startInstance(Out out) throws IOException;

    /** Starts an event. */
    void startEvent(Out out) throws IOException;

    /**
     * Goes on with what has come; leaves in the buffer what is not whole yet.
     *
     * @return whether the command is over
     * @throws IOException if the peer says anything else than the script
     */
    boolean advance(ByteBuffer in, Out out) throws IOException;
}
