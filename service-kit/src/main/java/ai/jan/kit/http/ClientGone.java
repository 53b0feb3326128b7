// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.io.IOException;

/** The client closed the connection, or no longer reads: nobody is there to be answered. */
public final class ClientGone extends IOException {
    ClientGone(Throwable cause) {
        super("the client has gone", cause);
    }
}
