// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

/** A text that is no JSON, or that readers would not agree about. */
public final class JsonFault extends Exception {
    private final Reason reason;

    /** What is wrong with a text. */
    public enum Reason {
        /** Not the grammar of RFC 8259; so are NaN, comments and a byte order mark. */
        SYNTAX("It is not JSON"),
        NOT_UTF8("It is not UTF-8"),
        /** Half of a surrogate pair, which JSON can write and UTF-8 cannot. */
        LONE_SURROGATE("A string has half a surrogate pair"),
        DUPLICATE_NAME("An object has a member twice"),
        TOO_DEEP("It is nested too deeply"),
        /** A number or a name longer than its readers take. */
        TOO_LONG("A number or a name is too long");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    JsonFault(Reason reason, int position) {
        super(reason.text + " (at byte " + position + ").");
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
