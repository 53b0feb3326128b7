// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Between bytes as Latin-1 characters, as the proxy has them, and Java's texts. */
final class Texts {
    private Texts() {}

    /** The text of bytes: UTF-8 if they are that, else Latin-1. */
    static String java(String bytes) {
        return fromBytes(bytes.getBytes(ISO_8859_1));
    }

    static String fromBytes(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, ISO_8859_1);
        }
    }

    /** The bytes of a text. */
    static String bytes(String java) {
        return new String(java.getBytes(UTF_8), ISO_8859_1);
    }
}
