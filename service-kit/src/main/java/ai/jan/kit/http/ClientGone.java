// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.io.IOException;
import org.eclipse.jetty.io.QuietException;
import org.jspecify.annotations.Nullable;

/** The client closed the connection, or no longer reads: nobody is there to be answered. */
public final class ClientGone extends IOException implements QuietException {
    ClientGone(@Nullable Throwable cause) {
        super("the client has gone", cause);
    }
}
