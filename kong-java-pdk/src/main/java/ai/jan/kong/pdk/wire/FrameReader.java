// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes frames off a connection: four bytes of length, least significant first, and as many bytes.
 * Copes with any fragmentation; grows with what really arrives, so that a length alone costs no
 * memory. For one thread at a time.
 */
public final class FrameReader {
    private static final int FIRST_CHUNK = 64 * 1024;

    private final ReadableByteChannel channel;
    private final int maxFrame;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(8 * 1024).order(ByteOrder.LITTLE_ENDIAN).flip();

    /**
     * @param maxFrame a frame longer than that is refused
     */
    public FrameReader(ReadableByteChannel channel, int maxFrame) {
        this.channel = channel;
        this.maxFrame = maxFrame;
    }

    /** The next frame, or nothing if the peer has closed the connection between two frames. */
    public Optional<byte[]> next() throws IOException {
        if (!buffer.hasRemaining() && !fill(1)) {
            return Optional.empty();
        }
        return Optional.of(read());
    }

    /**
     * The next frame, which has to come.
     *
     * @throws EOFException if the peer has closed the connection
     */
    public byte[] read() throws IOException {
        long length = length();
        if (length > maxFrame) {
            throw new WireException("a frame of " + length + " bytes is too long");
        }
        return content((int) length);
    }

    /**
     * The next frame, which has to come, or nothing in place of one that is too long: it is read
     * all the same, so that the conversation can go on.
     */
    public Optional<byte[]> readOrSkip() throws IOException {
        long length = length();
        if (length <= maxFrame) {
            return Optional.of(content((int) length));
        }
        while (length > 0) {
            require(1);
            int count = (int) Math.min(length, buffer.remaining());
            buffer.position(buffer.position() + count);
            length -= count;
        }
        return Optional.empty();
    }

    private long length() throws IOException {
        require(4);
        return Integer.toUnsignedLong(buffer.getInt());
    }

    private byte[] content(int length) throws IOException {
        var frame = new byte[Math.min(length, FIRST_CHUNK)];
        for (int have = 0; have < length; ) {
            if (have == frame.length) {
                frame = Arrays.copyOf(frame, (int) Math.min(length, have * 2L));
            }
            have += take(frame, have);
        }
        return frame;
    }

    /** Whether bytes have been read that are not part of a frame yet. */
    public boolean hasBuffered() {
        return buffer.hasRemaining();
    }

    private int take(byte[] frame, int position) throws IOException {
        int wanted = frame.length - position;
        if (!buffer.hasRemaining() && wanted >= buffer.capacity()) {
            int count = channel.read(ByteBuffer.wrap(frame, position, wanted));
            if (count < 0) {
                throw new EOFException("closed inside a frame");
            }
            return count;
        }
        require(1);
        int count = Math.min(wanted, buffer.remaining());
        buffer.get(frame, position, count);
        return count;
    }

    private void require(int count) throws IOException {
        if (!fill(count)) {
            throw new EOFException("closed");
        }
    }

    private boolean fill(int count) throws IOException {
        if (buffer.remaining() >= count) {
            return true;
        }
        buffer.compact();
        try {
            while (buffer.position() < count) {
                if (channel.read(buffer) < 0) {
                    return false;
                }
            }
            return true;
        } finally {
            buffer.flip();
        }
    }
}
