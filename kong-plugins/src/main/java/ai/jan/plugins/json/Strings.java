// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import ai.jan.kong.pdk.Bytes;
import ai.jan.plugins.json.JsonFault.Reason;

/** The characters of JSON's strings, as bytes. */
final class Strings {
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long QUOTES = '"' * EACH;
    private static final long BACKSLASHES = '\\' * EACH;
    private static final long SPACES = ' ' * EACH;
    private static final int HIGH_SURROGATE = 0xD800;
    private static final int LOW_SURROGATE = 0xDC00;
    private static final int AFTER_SURROGATES = 0xE000;

    private Strings() {}

    /**
     * The first byte from there on that is a quotation mark, a backslash, a control character or no
     * ASCII; the length if there is none. Many bytes at a time, because images are long strings.
     */
    static int plainUntil(Bytes json, int at) {
        int i = at;
        for (int last = json.length() - 4 * Long.BYTES; i <= last; i += 4 * Long.BYTES) {
            long found =
                    marked(json.longAt(i))
                            | marked(json.longAt(i + 8))
                            | marked(json.longAt(i + 16))
                            | marked(json.longAt(i + 24));
            if ((found & HIGH) != 0) {
                break;
            }
        }
        for (int last = json.length() - Long.BYTES; i <= last; i += Long.BYTES) {
            long found = marked(json.longAt(i)) & HIGH;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < json.length() && isPlain(json.byteAt(i))) {
            i++;
        }
        return i;
    }

    /**
     * Sets the high bit of each such byte. A subtraction borrows from the next byte only where it
     * has found one, so the first mark is exact, and that is all that counts.
     */
    private static long marked(long bytes) {
        return ((bytes ^ QUOTES) - EACH)
                | ((bytes ^ BACKSLASHES) - EACH)
                | (bytes - SPACES)
                | bytes;
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\';
    }

    /**
     * The end of a string that begins with a quotation mark there.
     *
     * @throws JsonFault if it is not closed, not UTF-8, or has a character that must be escaped
     */
    static int checkedEnd(Bytes json, int start) throws JsonFault {
        int at = start + 1;
        while (true) {
            at = plainUntil(json, at);
            if (at == json.length()) {
                throw new JsonFault(Reason.SYNTAX, at);
            }
            byte b = json.byteAt(at);
            if (b == '"') {
                return at + 1;
            } else if (b == '\\') {
                at = afterEscape(json, at);
            } else if (b < 0) {
                at = Utf8.checkedEnd(json, at);
            } else {
                throw new JsonFault(Reason.SYNTAX, at);
            }
        }
    }

    /** The end of a string in a text that has been checked. */
    static int end(Bytes json, int start) {
        int at = plainUntil(json, start + 1);
        while (json.byteAt(at) != '"') {
            at = plainUntil(json, at + (json.byteAt(at) == '\\' ? 2 : 1));
        }
        return at + 1;
    }

    private static int afterEscape(Bytes json, int at) throws JsonFault {
        int next = at + 1;
        return switch (next < json.length() ? json.byteAt(next) : 0) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> next + 1;
            case 'u' -> afterCodePoint(json, at);
            default -> throw new JsonFault(Reason.SYNTAX, at);
        };
    }

    private static int afterCodePoint(Bytes json, int at) throws JsonFault {
        int unit = codeUnit(json, at);
        if (unit < HIGH_SURROGATE || unit >= AFTER_SURROGATES) {
            return at + 6;
        }
        if (unit < LOW_SURROGATE && isLowSurrogate(json, at + 6)) {
            return at + 12;
        }
        throw new JsonFault(Reason.LONE_SURROGATE, at);
    }

    private static boolean isLowSurrogate(Bytes json, int at) throws JsonFault {
        if (at + 1 >= json.length() || json.byteAt(at) != '\\' || json.byteAt(at + 1) != 'u') {
            return false;
        }
        int unit = codeUnit(json, at);
        return unit >= LOW_SURROGATE && unit < AFTER_SURROGATES;
    }

    /** The code unit that the six bytes of an escape write. */
    private static int codeUnit(Bytes json, int at) throws JsonFault {
        if (at + 6 > json.length()) {
            throw new JsonFault(Reason.SYNTAX, at);
        }
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            int digit = digit(json.byteAt(i));
            if (digit < 0) {
                throw new JsonFault(Reason.SYNTAX, i);
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /** ASCII only: {@code Character.digit} knows more digits than JSON does. */
    private static int digit(byte b) {
        return b < 0 ? -1 : Character.digit(b, 16);
    }

    /**
     * What a checked string says.
     *
     * @param start of its first character
     * @param end behind its last
     */
    static String decoded(Bytes json, int start, int end) {
        int plain = start;
        while (plain < end && json.byteAt(plain) != '\\') {
            plain++;
        }
        if (plain == end) {
            return json.utf8(start, end);
        }
        var text = new StringBuilder(end - start);
        int at = start;
        while (plain < end) {
            text.append(json.utf8(at, plain));
            at = appendEscaped(json, plain, text);
            plain = at;
            while (plain < end && json.byteAt(plain) != '\\') {
                plain++;
            }
        }
        return text.append(json.utf8(at, end)).toString();
    }

    private static int appendEscaped(Bytes json, int at, StringBuilder text) {
        byte b = json.byteAt(at + 1);
        switch (b) {
            case 'u' -> {
                int unit = 0;
                for (int i = at + 2; i < at + 6; i++) {
                    unit = unit << 4 | digit(json.byteAt(i));
                }
                text.append((char) unit);
                return at + 6;
            }
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            default -> text.append((char) b);
        }
        return at + 2;
    }
}
