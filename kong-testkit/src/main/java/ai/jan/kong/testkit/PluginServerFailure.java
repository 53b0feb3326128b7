// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import java.util.Locale;

/** A conversation with a plugin server did not work out; the text is what Kong would log. */
final class PluginServerFailure extends Exception {
    PluginServerFailure(String message) {
        super(message);
    }

    PluginServerFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether Kong takes it for a lost instance, starts a new one and runs the event again. */
    boolean meansInstanceLost() {
        var text = String.valueOf(getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no plugin instance") || text.contains("closed");
    }
}
