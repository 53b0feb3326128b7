// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes as a value: compared by content, shown by length only, never changed. */
public final class Bytes {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over without copying: the caller must not change it afterwards. */
    public static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes);
    }

    public static Bytes utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of a text as {@link KongText} says. */
    public static Bytes ofText(String text) {
        return of(KongText.encode(text));
    }

    public int length() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    public byte byteAt(int index) {
        return bytes[index];
    }

    /** Eight bytes at once, the first of them lowest: for looking through long ones. */
    public long longAt(int index) {
        return (long) LONGS.get(bytes, index);
    }

    /** A copy, which the caller may change. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** Copies all of them into a larger array. */
    public void copyTo(byte[] target, int position) {
        System.arraycopy(bytes, 0, target, position, bytes.length);
    }

    /** Copies those from {@code start} up to {@code end} into a larger array. */
    public void copyTo(int start, int end, byte[] target, int position) {
        System.arraycopy(bytes, start, target, position, end - start);
    }

    /** Reads them without a copy. */
    public InputStream stream() {
        return new ByteArrayInputStream(bytes);
    }

    /** Read as UTF-8; what is not UTF-8 becomes the replacement character. */
    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Those from {@code start} up to {@code end}, read as UTF-8. */
    public String utf8(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    /** Read as {@link KongText} says, so that nothing is lost. */
    public String text() {
        return KongText.decode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
