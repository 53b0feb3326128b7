// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.IOException;
import java.net.Socket;

/** Ends sockets. */
final class Sockets {
    private Sockets() {}

    /** Closes at once; whoever reads or writes it gets an exception. */
    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // a socket that fails to close is closed
        }
    }
}
