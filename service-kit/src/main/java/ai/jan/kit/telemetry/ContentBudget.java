// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.telemetry;

import java.util.regex.Pattern;

/**
 * How much of what was said may go into one attribute of a span, {@value #CHARACTERS} characters at
 * most. What looks like a credential is masked, for people paste them into prompts. Not
 * thread-safe.
 */
public final class ContentBudget {
    public static final int CHARACTERS = 32 * 1024;

    /** What stands for a text that was cut. */
    private static final String CUT = "…";

    private static final String MASK = "***";

    /** The bounds keep a text of nothing but beginnings from taking long. */
    private static final Pattern CREDENTIAL =
            Pattern.compile(
                    "\\bsk[-_][A-Za-z0-9_-]{16,1000}+" // API keys, ours and others'
                            + "|\\beyJ[A-Za-z0-9_-]{10,1000}+\\.[A-Za-z0-9_-]{10,8000}+\\.[A-Za-z0-9_-]*+");

    private int left = CHARACTERS;

    /** Whether nothing more will be taken. */
    public boolean isSpent() {
        return left <= 0;
    }

    /** What of a text there is room for. */
    public String take(String text) {
        var fitting = text.length() <= Math.max(left, 0) ? text : cut(text, left);
        left -= fitting.length();
        return CREDENTIAL.matcher(fitting).replaceAll(MASK);
    }

    /** Makes room for what stands around a text. */
    public void take(int characters) {
        left -= characters;
    }

    private static String cut(String text, int length) {
        int end = Math.max(length, 0);
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + CUT;
    }
}
