// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.jan.kong.pdk.KongText;

/** Between bytes as Latin-1 characters, as the proxy has them, and the PDK's texts. */
final class Texts {
    private Texts() {}

    /** The text of bytes. */
    static String java(String bytes) {
        return KongText.decode(bytes.getBytes(ISO_8859_1));
    }

    /** The text of bytes, for people: UTF-8 if they are that, else Latin-1. */
    static String fromBytes(byte[] bytes) {
        return KongText.readable(KongText.decode(bytes));
    }

    /** The bytes of a text. */
    static String bytes(String java) {
        return new String(KongText.encode(java), ISO_8859_1);
    }
}
