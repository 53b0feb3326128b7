// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Gathers frames and sends them in one write. For one thread at a time. */
public final class FrameWriter {
    private static final int HEADER = 4;
    private static final int USUAL = 8 * 1024;

    private ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

    /** Adds a frame. */
    public FrameWriter add(byte[] payload) {
        int needed = Math.addExact(HEADER, payload.length);
        if (buffer.remaining() < needed) {
            int capacity =
                    Math.max(buffer.capacity() * 2, Math.addExact(buffer.position(), needed));
            buffer =
                    ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
        }
        buffer.putInt(payload.length).put(payload);
        return this;
    }

    /** Adds a call of a method: its name, then its argument. */
    public FrameWriter addCall(String method, byte[] argument) {
        return add(method.getBytes(StandardCharsets.US_ASCII)).add(argument);
    }

    public boolean isEmpty() {
        return buffer.position() == 0;
    }

    /** Sends all that was added, and waits until the system has taken it. */
    public void flush(WritableByteChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer =
                buffer.capacity() > USUAL
                        ? ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN)
                        : buffer.clear();
    }
}
