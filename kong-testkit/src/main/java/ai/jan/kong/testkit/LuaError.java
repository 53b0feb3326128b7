// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

/**
 * A function of Kong's PDK raised an error: Kong gives the call no answer and abandons the event.
 */
public final class LuaError extends Exception {
    public LuaError(String message) {
        super(message);
    }
}
