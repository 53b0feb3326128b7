// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * How bytes are Java text in everything that comes from Kong and goes to it: paths, header values,
 * variables, shared values.
 *
 * <p>Text is UTF-8. Clients may send other bytes, Latin-1 for example; each byte that is not part
 * of UTF-8 becomes one character from U+DC80 to U+DCFF, a lone surrogate, and such a character is
 * written as that byte again. So any bytes survive being read and sent back, and two texts are
 * equal only if their bytes are. (Python calls it {@code surrogateescape}.) Such a text is no
 * well-formed Unicode: where it goes elsewhere than to Kong, use {@link #readable}.
 */
public final class KongText {
    private static final char ESCAPE = '\uDC00';

    private KongText() {}

    /** The text of bytes. */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** The text of some of the bytes. */
    public static String decode(byte[] bytes, int start, int length) {
        for (int i = start; i < start + length; i++) {
            if (bytes[i] < 0) {
                return decodeUtf8(ByteBuffer.wrap(bytes, start, length));
            }
        }
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    private static String decodeUtf8(ByteBuffer in) {
        var decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        var out = CharBuffer.allocate(in.remaining());
        while (true) {
            var result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE + (in.get() & 0xFF)));
            }
        }
    }

    /** The bytes of a text. A lone surrogate that stands for no byte becomes a question mark. */
    public static byte[] encode(String text) {
        if (isWellFormed(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        var out = new ByteArrayOutputStream(text.length() + 16);
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            if (isEscape(character)) {
                out.write(character - ESCAPE);
            } else {
                out.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
            }
            i += Character.charCount(character);
        }
        return out.toByteArray();
    }

    /** The text with bytes that are not UTF-8 read as Latin-1, for people and for other systems. */
    public static String readable(String text) {
        if (isWellFormed(text)) {
            return text;
        }
        var out = new StringBuilder(text.length());
        text.codePoints()
                .map(character -> isEscape(character) ? character - ESCAPE : character)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Whether all of it is Unicode. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return encodes(text);
            }
        }
        return true;
    }

    private static boolean encodes(String text) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isEscape(int character) {
        return character >= ESCAPE + 0x80 && character <= ESCAPE + 0xFF;
    }
}
