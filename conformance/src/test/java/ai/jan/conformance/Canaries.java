// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everything secret that any test of this JVM has sent or received: credentials, passwords,
 * prompts. None of it may be found in a log.
 */
final class Canaries {
    private static final int MIN_LENGTH = 20;

    /** The end of a token is its signature: as good as the whole, also where a log cuts a line. */
    private static final int END = 40;

    private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

    private Canaries() {}

    /**
     * From now on no log may have it; what is too short to be told from ordinary text is let be.
     */
    static void remember(String what, String secret) {
        if (secret.length() >= MIN_LENGTH) {
            KNOWN.put(secret.substring(Math.max(0, secret.length() - END)), what);
        }
    }

    /** What kinds of secrets a text has in it. */
    static Set<String> in(String text) {
        var found = new TreeSet<String>();
        KNOWN.forEach((secret, what) -> {
            if (text.contains(secret)) {
                found.add(what);
            }
        });
        return found;
    }

    static int count() {
        return KNOWN.size();
    }
}
