// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.IOException;

/** The client's side of a connection failed or ended: there is nobody to answer. */
final class ClientGone extends IOException {
    ClientGone(String message) {
        super(message);
    }

    ClientGone(IOException cause) {
        super(cause);
    }
}
