// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import java.io.IOException;

/** What came over the socket is not the protocol; the connection cannot be used any further. */
public final class WireException extends IOException {
    public WireException(String message) {
        super(message);
    }
}
