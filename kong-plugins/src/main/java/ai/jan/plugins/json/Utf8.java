// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import ai.jan.kong.pdk.Bytes;
import ai.jan.plugins.json.JsonFault.Reason;

/**
 * UTF-8 as <a href="https://www.rfc-editor.org/rfc/rfc3629#section-4">RFC 3629</a> has it: no
 * overlong forms, no surrogates, nothing above U+10FFFF.
 */
final class Utf8 {
    private Utf8() {}

    /**
     * The end of a run of characters that are not ASCII.
     *
     * @throws JsonFault if it is not UTF-8
     */
    static int checkedEnd(Bytes bytes, int start) throws JsonFault {
        int at = start;
        while (at < bytes.length() && bytes.byteAt(at) < 0) {
            int length = lengthAt(bytes, at);
            if (length == 0) {
                throw new JsonFault(Reason.NOT_UTF8, at);
            }
            at += length;
        }
        return at;
    }

    /** The length of the character there; 0 if it is none. */
    private static int lengthAt(Bytes bytes, int at) {
        int lead = bytes.byteAt(at) & 0xFF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return isWithin(bytes, at + 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            int least = lead == 0xE0 ? 0xA0 : 0x80;
            int most = lead == 0xED ? 0x9F : 0xBF;
            return isWithin(bytes, at + 1, least, most) && isWithin(bytes, at + 2, 0x80, 0xBF)
                    ? 3
                    : 0;
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            int least = lead == 0xF0 ? 0x90 : 0x80;
            int most = lead == 0xF4 ? 0x8F : 0xBF;
            return isWithin(bytes, at + 1, least, most)
                            && isWithin(bytes, at + 2, 0x80, 0xBF)
                            && isWithin(bytes, at + 3, 0x80, 0xBF)
                    ? 4
                    : 0;
        }
        return 0;
    }

    private static boolean isWithin(Bytes bytes, int at, int least, int most) {
        if (at >= bytes.length()) {
            return false;
        }
        int b = bytes.byteAt(at) & 0xFF;
        return b >= least && b <= most;
    }
}
