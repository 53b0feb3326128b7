// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/** Kong did not carry out a call: it refused it, or the event has ended. Names the call. */
public class PdkException extends RuntimeException {
    public PdkException(String message) {
        super(message);
    }

    public PdkException(String message, Throwable cause) {
        super(message, cause);
    }
}
