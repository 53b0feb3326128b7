// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A Lua pattern, for trying out before Kong does what Kong would find. Takes the part of Lua's
 * patterns that decides about a text, and refuses what looks like a regular expression: captures,
 * alternatives, backslashes and anchors in the middle. Immutable.
 */
public final class LuaPattern {
    private static final String SPECIAL = "^$*+?.([%-";
    private static final String REGEX_ONLY = "\\|{}()";

    private final String text;
    private final Pattern pattern;

    private LuaPattern(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is malformed, or most likely means something else than
     *     its author thinks
     */
    public static LuaPattern of(String text) {
        return new LuaPattern(
                text, Pattern.compile(new Reader(bytes(text)).read(), Pattern.DOTALL));
    }

    /** Whether the text contains what the pattern describes. */
    public boolean matches(String value) {
        return pattern.matcher(bytes(value)).find();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Lua sees bytes: each becomes one character. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Turns a Lua pattern into a regular expression. */
    private static final class Reader {
        private final String lua;
        private final StringBuilder regex = new StringBuilder();
        private int at;

        Reader(String lua) {
            this.lua = lua;
        }

        String read() {
            if (lua.startsWith("^")) {
                at++;
                regex.append("\\A");
            }
            while (at < lua.length()) {
                if (lua.charAt(at) == '$' && at == lua.length() - 1) {
                    regex.append("\\z");
                    return regex.toString();
                }
                item();
                repetition();
            }
            return regex.toString();
        }

        private void item() {
            char c = lua.charAt(at++);
            switch (c) {
                case '.' -> regex.append('.');
                case '%' -> regex.append(escaped());
                case '[' -> set();
                default -> {
                    if (SPECIAL.indexOf(c) >= 0 || REGEX_ONLY.indexOf(c) >= 0 || c == ']') {
                        throw wrong("write %" + c + " for the character " + c);
                    }
                    regex.append(literal(c));
                }
            }
        }

        private void repetition() {
            if (at < lua.length()) {
                switch (lua.charAt(at)) {
                    case '*', '+', '?' -> regex.append(lua.charAt(at++));
                    case '-' -> {
                        regex.append("*?");
                        at++;
                    }
                    default -> {}
                }
            }
        }

        /** What follows a percent sign. */
        private String escaped() {
            if (at == lua.length()) {
                throw wrong("it ends with %");
            }
            char c = lua.charAt(at++);
            return Character.isLetterOrDigit(c) ? members(c) : literal(c);
        }

        private String members(char letter) {
            return switch (letter) {
                case 'a' -> "\\p{Alpha}";
                case 'A' -> "\\P{Alpha}";
                case 'c' -> "\\p{Cntrl}";
                case 'C' -> "\\P{Cntrl}";
                case 'd' -> "\\d";
                case 'D' -> "\\D";
                case 'l' -> "\\p{Lower}";
                case 'L' -> "\\P{Lower}";
                case 'p' -> "\\p{Punct}";
                case 'P' -> "\\P{Punct}";
                case 's' -> "\\s";
                case 'S' -> "\\S";
                case 'u' -> "\\p{Upper}";
                case 'U' -> "\\P{Upper}";
                case 'w' -> "\\p{Alnum}";
                case 'W' -> "\\P{Alnum}";
                case 'x' -> "\\p{XDigit}";
                case 'X' -> "\\P{XDigit}";
                default -> throw wrong("there is no class %" + letter);
            };
        }

        private void set() {
            regex.append('[');
            if (at < lua.length() && lua.charAt(at) == '^') {
                regex.append('^');
                at++;
            }
            int first = at;
            while (at < lua.length() && (lua.charAt(at) != ']' || at == first)) {
                char c = lua.charAt(at++);
                if (c == '%') {
                    regex.append(escaped());
                } else if (c == '\\') {
                    throw wrong("an escape begins with %, not with a backslash");
                } else if (isRange()) {
                    regex.append(literal(c)).append('-').append(literal(lua.charAt(at + 1)));
                    at += 2;
                } else {
                    regex.append(literal(c));
                }
            }
            if (at == lua.length()) {
                throw wrong("a set is not closed");
            }
            at++;
            regex.append(']');
        }

        private boolean isRange() {
            return at + 1 < lua.length() && lua.charAt(at) == '-' && lua.charAt(at + 1) != ']';
        }

        private static String literal(char c) {
            return String.format("\\x%02x", (int) c);
        }

        private IllegalArgumentException wrong(String problem) {
            return new IllegalArgumentException("not a safe Lua pattern: " + problem);
        }
    }
}
