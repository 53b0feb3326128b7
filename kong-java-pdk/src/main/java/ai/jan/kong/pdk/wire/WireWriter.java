// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.Bytes;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes protobuf's wire format into memory. */
final class WireWriter {
    private byte[] bytes = new byte[64];
    private int length;

    void varint(int number, long value) {
        tag(number, WireReader.VARINT);
        raw(value);
    }

    void fixed64(int number, double value) {
        tag(number, WireReader.FIXED64);
        reserve(8);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < 8; i++) {
            bytes[length++] = (byte) (bits >>> (8 * i));
        }
    }

    void text(int number, String value) {
        bytes(number, Bytes.ofText(value));
    }

    void bytes(int number, Bytes value) {
        tag(number, WireReader.LENGTH);
        raw(value.length());
        reserve(value.length());
        value.copyTo(bytes, length);
        length += value.length();
    }

    /** A message inside this one. */
    void nested(int number, Consumer<WireWriter> content) {
        var inner = new WireWriter();
        content.accept(inner);
        tag(number, WireReader.LENGTH);
        raw(inner.length);
        reserve(inner.length);
        System.arraycopy(inner.bytes, 0, bytes, length, inner.length);
        length += inner.length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void tag(int number, int type) {
        raw(((long) number << 3) | type);
    }

    private void raw(long value) {
        reserve(10);
        while ((value & ~0x7FL) != 0) {
            bytes[length++] = (byte) ((value & 0x7F) | 0x80);
            value >>>= 7;
        }
        bytes[length++] = (byte) value;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, count)));
        }
    }
}
