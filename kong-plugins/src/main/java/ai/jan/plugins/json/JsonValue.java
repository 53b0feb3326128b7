// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import ai.jan.kong.pdk.Bytes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A value within a text, by its place. Immutable. */
public final class JsonValue {
    private final JsonText text;
    private final int start;
    private final int end;

    /** What a value is. */
    public enum Kind {
        OBJECT("an object"),
        ARRAY("an array"),
        STRING("a string"),
        INTEGER("an integer"),
        DECIMAL("a decimal"),
        BOOLEAN("a boolean"),
        NULL("null");

        private final String described;

        Kind(String described) {
            this.described = described;
        }

        /** With its article, for messages. */
        public String described() {
            return described;
        }
    }

    JsonValue(JsonText text, int start, int end) {
        this.text = text;
        this.start = start;
        this.end = end;
    }

    public Kind kind() {
        return switch (bytes().byteAt(start)) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't', 'f' -> Kind.BOOLEAN;
            case 'n' -> Kind.NULL;
            default -> isIntegral() ? Kind.INTEGER : Kind.DECIMAL;
        };
    }

    public boolean is(Kind kind) {
        return kind() == kind;
    }

    public boolean isNumber() {
        var kind = kind();
        return kind == Kind.INTEGER || kind == Kind.DECIMAL;
    }

    public boolean isTrue() {
        return bytes().byteAt(start) == 't';
    }

    /** A number written without a fraction and an exponent. */
    private boolean isIntegral() {
        for (int i = start; i < end; i++) {
            byte b = bytes().byteAt(i);
            if (b == '.' || b == 'e' || b == 'E') {
                return false;
            }
        }
        return true;
    }

    /** What a string says. */
    public String string() {
        return Strings.decoded(bytes(), start + 1, end - 1);
    }

    /** Whether a string begins with that, written without escapes; in any case. */
    public boolean startsWith(String ascii) {
        if (!is(Kind.STRING) || length() < ascii.length() + 2) {
            return false;
        }
        return bytes().utf8(start + 1, start + 1 + ascii.length()).equalsIgnoreCase(ascii);
    }

    /** A number as it was written. */
    public BigDecimal number() {
        return new BigDecimal(bytes().utf8(start, end));
    }

    /** The members of an object; nothing of any other value. */
    public JsonObject object() {
        return JsonObject.of(this);
    }

    /** The elements of an array, in order; none of any other value. */
    public List<JsonValue> elements() {
        List<JsonValue> elements = new ArrayList<>();
        forEachElement(elements::add);
        return elements;
    }

    /** Shows the elements of an array one after the other, however many they are. */
    public void forEachElement(Consumer<JsonValue> action) {
        if (!is(Kind.ARRAY)) {
            return;
        }
        int at = Scanner.afterSpace(bytes(), start + 1);
        while (bytes().byteAt(at) != ']') {
            int after = text.end(at);
            action.accept(new JsonValue(text, at, after));
            at = Scanner.afterSpace(bytes(), after);
            if (bytes().byteAt(at) == ',') {
                at = Scanner.afterSpace(bytes(), at + 1);
            }
        }
    }

    /** Its length in bytes, as it is written. */
    public int length() {
        return end - start;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    JsonText text() {
        return text;
    }

    Bytes bytes() {
        return text.bytes();
    }

    /** The value as it is written; long ones are cut, and strings are not shown at all. */
    @Override
    public String toString() {
        return isNumber() ? bytes().utf8(start, Math.min(end, start + 32)) : kind().described();
    }
}
