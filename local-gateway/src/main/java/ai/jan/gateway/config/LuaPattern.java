// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Lua's patterns, which Kong's schemas use for {@code match}, as Java's regular expressions. */
final class LuaPattern {
    private LuaPattern() {}

    /** Nothing for a pattern that has no counterpart: one with {@code %b} or {@code %f}. */
    static Optional<Pattern> compile(String lua) {
        var java = new StringBuilder();
        boolean inSet = false;
        for (int i = 0; i < lua.length(); i++) {
            char c = lua.charAt(i);
            if (c == '%' && i + 1 < lua.length()) {
                var translated = escape(lua.charAt(++i));
                if (translated.isEmpty()) {
                    return Optional.empty();
                }
                java.append(translated);
            } else if (c == '[' && !inSet) {
                inSet = true;
                java.append(c);
                if (i + 1 < lua.length() && lua.charAt(i + 1) == '^') {
                    java.append(lua.charAt(++i));
                }
            } else if (c == ']' && inSet) {
                inSet = false;
                java.append(c);
            } else if (inSet) {
                java.append("[&\\".indexOf(c) >= 0 ? "\\" : "").append(c);
            } else if (c == '-') {
                java.append("*?");
            } else {
                boolean literal = "\\{}|".indexOf(c) >= 0 || (c == '^' && i > 0);
                literal |= c == '$' && i < lua.length() - 1;
                java.append(literal ? "\\" : "").append(c);
            }
        }
        try {
            return Optional.of(Pattern.compile(java.toString()));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    private static String escape(char c) {
        var property =
                switch (Character.toLowerCase(c)) {
                    case 'a' -> "Alpha";
                    case 'c' -> "Cntrl";
                    case 'd' -> "Digit";
                    case 'l' -> "Lower";
                    case 'p' -> "Punct";
                    case 's' -> "Space";
                    case 'u' -> "Upper";
                    case 'w' -> "Alnum";
                    case 'x' -> "XDigit";
                    default -> "";
                };
        if (!property.isEmpty()) {
            return (Character.isUpperCase(c) ? "\\P{" : "\\p{") + property + "}";
        }
        return Character.isLetterOrDigit(c) ? "" : "\\" + c;
    }
}
