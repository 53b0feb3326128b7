// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Kong's environment vault: {@code {vault://env/my-name}} is the value of {@code MY_NAME}, and the
 * empty text if there is none.
 */
final class Vault {
    private static final Pattern REFERENCE = Pattern.compile("\\{vault://([^/}]*)/?(.*)}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private final Map<String, String> environment;
    private final Problems problems;

    Vault(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    String resolve(String field, String reference) {
        var parts = REFERENCE.matcher(reference);
        if (!parts.matches() || !"env".equals(parts.group(1))) {
            problems.add(field, "the stand-in only resolves {vault://env/NAME}: " + reference);
            return "";
        }
        if (!NAME.matcher(parts.group(2)).matches()) {
            problems.add(field, "the stand-in does not support this reference: " + reference);
            return "";
        }
        var variable = parts.group(2).replace('-', '_').toUpperCase(Locale.ROOT);
        return environment.getOrDefault(variable, "");
    }
}
