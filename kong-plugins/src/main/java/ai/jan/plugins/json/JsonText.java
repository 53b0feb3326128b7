// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import ai.jan.kong.pdk.Bytes;

/**
 * A text that begins with one JSON value, checked by RFC 8259 and more: readers can only read it in
 * one way. Immutable.
 */
public final class JsonText {
    private final Bytes bytes;
    private final LongValues longValues;
    private final JsonValue root;
    private final boolean surplus;

    private JsonText(Bytes bytes, LongValues longValues, int start, int end) {
        this.bytes = bytes;
        this.longValues = longValues;
        this.root = new JsonValue(this, start, end);
        this.surplus = Scanner.afterSpace(bytes, end) < bytes.length();
    }

    /**
     * Checks the first value of a text.
     *
     * @throws JsonFault if it does not begin with one
     */
    public static JsonText of(Bytes bytes) throws JsonFault {
        var scanner = new Scanner(bytes);
        int start = Scanner.afterSpace(bytes, 0);
        int end = scanner.value(start);
        return new JsonText(bytes, scanner.longValues(), start, end);
    }

    public JsonValue root() {
        return root;
    }

    /** Whether anything but white space comes after the value. */
    public boolean hasSurplus() {
        return surplus;
    }

    Bytes bytes() {
        return bytes;
    }

    /** Where the value ends that begins there. */
    int end(int start) {
        return switch (bytes.byteAt(start)) {
            case '"', '{', '[' -> {
                int end = longValues.end(start);
                yield end >= 0 ? end : shortEnd(start);
            }
            default -> scalarEnd(start);
        };
    }

    private int shortEnd(int start) {
        int depth = 0;
        int at = start;
        do {
            switch (bytes.byteAt(at)) {
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                case '"' -> at = Strings.end(bytes, at);
                default -> at++;
            }
        } while (depth > 0);
        return at;
    }

    private int scalarEnd(int start) {
        int at = start;
        while (at < bytes.length() && isOfScalar(bytes.byteAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isOfScalar(byte b) {
        return b != ',' && b != '}' && b != ']' && !Scanner.isSpace(b);
    }
}
