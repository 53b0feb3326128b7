// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of a kong.yml; Kong's are PCRE, of which Java's are a near relative. */
final class Regexes {
    private Regexes() {}

    static boolean valid(String regex) {
        try {
            if (regex.equals("*")) { // of cors: any origin
                return true;
            }
            Pattern.compile(regex);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
