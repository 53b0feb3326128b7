// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import ai.jan.kong.pdk.Bytes;
import ai.jan.plugins.json.JsonFault.Reason;
import java.util.ArrayList;
import java.util.List;

/** Checks one value by the whole of RFC 8259, in one pass. */
final class Scanner {
    /** As deep as the services read (kit.json). */
    static final int MAX_DEPTH = 100;

    /** Python refuses numbers of more than 4300 digits, Jackson those of more than 1000. */
    static final int MAX_NUMBER = 1000;

    static final int MAX_NAME = 10_000;

    private final Bytes json;
    private final List<MemberNames> namesByDepth = new ArrayList<>();
    private final LongValues longValues = new LongValues();
    private int at;
    private int depth;

    Scanner(Bytes json) {
        this.json = json;
    }

    /**
     * Where the value ends that begins there.
     *
     * @throws JsonFault if there is none
     */
    int value(int start) throws JsonFault {
        at = start;
        value();
        return at;
    }

    /** The long values that were met. */
    LongValues longValues() {
        return longValues;
    }

    /** The first byte from there on that is no white space. */
    static int afterSpace(Bytes json, int start) {
        int i = start;
        while (i < json.length() && isSpace(json.byteAt(i))) {
            i++;
        }
        return i;
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void value() throws JsonFault {
        int start = at;
        switch (peek()) {
            case '{' -> {
                int place = longValues.open(start);
                object();
                longValues.close(place, at);
            }
            case '[' -> {
                int place = longValues.open(start);
                array();
                longValues.close(place, at);
            }
            case '"' -> {
                at = Strings.checkedEnd(json, start);
                longValues.close(longValues.open(start), at);
            }
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void object() throws JsonFault {
        deeper();
        var names = names();
        at = afterSpace(json, at + 1);
        if (!take('}')) {
            do {
                at = afterSpace(json, at);
                int start = at;
                if (peek() != '"') {
                    throw fault();
                }
                at = Strings.checkedEnd(json, start);
                if (at - start > MAX_NAME) {
                    throw new JsonFault(Reason.TOO_LONG, start);
                }
                names.add(start + 1, at - 1);
                at = afterSpace(json, at);
                expect(':');
                at = afterSpace(json, at);
                value();
                at = afterSpace(json, at);
            } while (take(','));
            expect('}');
        }
        depth--;
    }

    private void array() throws JsonFault {
        deeper();
        at = afterSpace(json, at + 1);
        if (!take(']')) {
            do {
                at = afterSpace(json, at);
                value();
                at = afterSpace(json, at);
            } while (take(','));
            expect(']');
        }
        depth--;
    }

    private void deeper() throws JsonFault {
        if (++depth > MAX_DEPTH) {
            throw new JsonFault(Reason.TOO_DEEP, at);
        }
    }

    private MemberNames names() {
        while (namesByDepth.size() < depth) {
            namesByDepth.add(new MemberNames(json));
        }
        var names = namesByDepth.get(depth - 1);
        names.clear();
        return names;
    }

    private void literal(String text) throws JsonFault {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= json.length() || json.byteAt(at + i) != text.charAt(i)) {
                throw fault();
            }
        }
        at += text.length();
    }

    private void number() throws JsonFault {
        int start = at;
        boolean _ = take('-');
        if (!take('0')) {
            digits();
        }
        if (take('.')) {
            digits();
        }
        if (take('e') || take('E')) {
            boolean _ = take('+') || take('-');
            digits();
        }
        if (at - start > MAX_NUMBER) {
            throw new JsonFault(Reason.TOO_LONG, start);
        }
    }

    private void digits() throws JsonFault {
        int start = at;
        while (at < json.length() && json.byteAt(at) >= '0' && json.byteAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw fault();
        }
    }

    private byte peek() throws JsonFault {
        if (at >= json.length()) {
            throw fault();
        }
        return json.byteAt(at);
    }

    private boolean take(char expected) {
        if (at < json.length() && json.byteAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char expected) throws JsonFault {
        if (!take(expected)) {
            throw fault();
        }
    }

    private JsonFault fault() {
        return new JsonFault(Reason.SYNTAX, at);
    }
}
