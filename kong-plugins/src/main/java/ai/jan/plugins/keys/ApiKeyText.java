// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What an API key looks like: {@code sk_live_} and 48 hexadecimal digits, 192 random bits. */
public final class ApiKeyText {
    public static final String PREFIX = "sk_live_";

    private static final int RANDOM_BYTES = 24;
    private static final int SHOWN_START = 2;
    private static final int SHOWN_END = 4;
    private static final Pattern SHAPE = Pattern.compile("sk_live_[0-9a-f]{48}");

    private ApiKeyText() {}

    public static boolean isWellFormed(String text) {
        return text.length() == PREFIX.length() + 2 * RANDOM_BYTES && SHAPE.matcher(text).matches();
    }

    static String generate(SecureRandom random) {
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return PREFIX + HexFormat.of().formatHex(bytes);
    }

    /** With {@link #visibleEnd} what its owner recognises it by: 24 of 192 bits. */
    static String visibleStart(String text) {
        return text.substring(0, PREFIX.length() + SHOWN_START);
    }

    static String visibleEnd(String text) {
        return text.substring(text.length() - SHOWN_END);
    }
}
