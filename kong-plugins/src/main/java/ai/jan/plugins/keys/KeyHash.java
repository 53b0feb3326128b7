// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import java.util.HexFormat;

/**
 * The HMAC-SHA-256 of an API key under the pepper, in hexadecimal digits. Without the pepper, which
 * is not in the database, it neither logs in nor can be checked against guesses.
 */
public record KeyHash(String hex) {
    private static final int SHOWN_DIGITS = 8;

    static KeyHash of(byte[] mac) {
        return new KeyHash(HexFormat.of().formatHex(mac));
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** Enough to recognise a key in two log lines. */
    @Override
    public String toString() {
        return hex.substring(0, Math.min(SHOWN_DIGITS, hex.length()));
    }
}
