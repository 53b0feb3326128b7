// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

/**
 * Unwinds a plugin after {@code kong.response.exit}. Not an {@link Exception}, so that a plugin's
 * own {@code catch} does not stop it by accident; and no failure, so it has no stack trace.
 */
@SuppressWarnings("serial")
public final class ExitSignal extends Error {
    public ExitSignal() {
        super("kong.response.exit", null, false, false);
    }
}
