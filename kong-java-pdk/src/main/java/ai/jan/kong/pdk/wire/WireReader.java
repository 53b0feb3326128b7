// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.KongText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads protobuf's wire format from bytes in memory. Never trusts a length; nesting is capped. Any
 * bytes are text ({@link KongText}), because clients decide what is in a header and must not be
 * able to fail a call with it.
 */
final class WireReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int GROUP = 3;
    static final int FIXED32 = 5;

    private static final int MAX_DEPTH = 100;

    private final byte[] bytes;
    private final int end;
    private final int depth;
    private final boolean kong;
    private int position;

    WireReader(byte[] bytes) {
        this(bytes, 0, bytes.length, 0, false);
    }

    /** One that takes the bytes for what Kong takes them. */
    static WireReader asKong(byte[] bytes) {
        return new WireReader(bytes, 0, bytes.length, 0, true);
    }

    private WireReader(byte[] bytes, int position, int end, int depth, boolean kong) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
        this.depth = depth;
        this.kong = kong;
    }

    /** Whether it is Kong that reads. */
    boolean isKong() {
        return kong;
    }

    boolean hasMore() {
        return position < end;
    }

    /** The number of the next field, shifted left by three, plus its wire type. */
    int tag() throws WireException {
        long tag = varint();
        if (tag <= 7 || tag > 0xFFFF_FFFFL) {
            throw new WireException("field number out of range");
        }
        return (int) tag;
    }

    long varint() throws WireException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= end) {
                throw new WireException("message ends inside a number");
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new WireException("number of more than ten bytes");
    }

    double fixed64() throws WireException {
        int start = advance(8);
        return ByteBuffer.wrap(bytes, start, 8).order(ByteOrder.LITTLE_ENDIAN).getDouble();
    }

    Bytes bytes() throws WireException {
        int length = length();
        int start = advance(length);
        var copy = new byte[length];
        System.arraycopy(bytes, start, copy, 0, length);
        return Bytes.of(copy);
    }

    String text() throws WireException {
        int length = length();
        return KongText.decode(bytes, advance(length), length);
    }

    /** A reader of the message that comes next. */
    WireReader nested() throws WireException {
        if (depth >= MAX_DEPTH) {
            throw new WireException("messages nested deeper than " + MAX_DEPTH);
        }
        int length = length();
        int start = advance(length);
        return new WireReader(bytes, start, start + length, depth + 1, kong);
    }

    /** Steps over a field of no interest. */
    void skip(int tag) throws WireException {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case LENGTH -> advance(length());
            case FIXED32 -> advance(4);
            case GROUP -> skipGroup(tag);
            default -> throw new WireException("unknown wire type " + (tag & 7));
        }
    }

    private void skipGroup(int start) throws WireException {
        int open = 1;
        while (open > 0) {
            int tag = tag();
            switch (tag & 7) {
                case GROUP -> open++;
                case GROUP + 1 -> open--;
                default -> skip(tag);
            }
            if (open == 0 && tag >>> 3 != start >>> 3) {
                throw new WireException("groups that do not match");
            }
        }
    }

    private int length() throws WireException {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw new WireException("field longer than its message");
        }
        return (int) length;
    }

    private int advance(int length) throws WireException {
        if (length > end - position) {
            throw new WireException("message ends inside a field");
        }
        int start = position;
        position += length;
        return start;
    }
}
