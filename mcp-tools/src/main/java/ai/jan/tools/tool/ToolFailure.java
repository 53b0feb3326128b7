// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

/**
 * A call that fails, with a text for the model: what is wrong and what to do instead. It never
 * carries an address of the platform, a credential, or a cause's text.
 */
public final class ToolFailure extends RuntimeException {
    /** Whose fault it is. */
    public enum Kind {
        /** The arguments do not make sense; other ones may. */
        ARGUMENTS,
        /** The caller may not do this, or not now. */
        REFUSED,
        /** What the tool needs does not work; the breaker counts these. */
        BACKEND
    }

    private final Kind kind;

    private ToolFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** The argument is named, so that the model corrects that one. */
    public static ToolFailure argument(String name, String message) {
        return new ToolFailure(Kind.ARGUMENTS, "Argument '" + name + "': " + message);
    }

    public static ToolFailure refused(String message) {
        return new ToolFailure(Kind.REFUSED, message);
    }

    public static ToolFailure backend(String message) {
        return new ToolFailure(Kind.BACKEND, message);
    }

    /** Keeps the cause for the log. */
    public ToolFailure because(Throwable cause) {
        initCause(cause);
        return this;
    }

    public Kind kind() {
        return kind;
    }
}
