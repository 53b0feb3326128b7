// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final int MAX = 1 << 20;

    @Test
    void framesComeOutAsTheyWentInHoweverTheyAreCut() throws Exception {
        var random = new Random(1);
        var frames = new ArrayList<byte[]>();
        var sink = new ByteArrayOutputStream();
        var writer = new FrameWriter();
        for (int length : List.of(0, 1, 3, 8191, 8192, 8193, 65_536, 65_537, 300_000, 0, 5)) {
            var frame = new byte[length];
            random.nextBytes(frame);
            frames.add(frame);
            writer.add(frame);
        }
        writer.flush(Channels.newChannel(sink));

        for (int piece : List.of(1, 3, 4096, 1 << 30)) {
            var reader = new FrameReader(new Pieces(sink.toByteArray(), piece), MAX);
            for (var frame : frames) {
                assertThat(reader.next()).hasValueSatisfying(f -> assertThat(f).isEqualTo(frame));
            }
            assertThat(reader.next()).isEmpty();
        }
    }

    @Test
    void refusesAFrameThatIsTooLong() {
        for (var length : List.of(MAX + 1, -1)) {
            var header = new byte[4];
            ByteBuffer.wrap(header).putInt(Integer.reverseBytes(length));

            assertThatThrownBy(() -> new FrameReader(new Pieces(header, 4), MAX).read())
                    .isInstanceOf(WireException.class)
                    .hasMessageContaining("too long");
        }
    }

    @Test
    void goesOnAfterAFrameThatIsTooLong() throws Exception {
        var sink = new ByteArrayOutputStream();
        new FrameWriter()
                .add(new byte[MAX + 1])
                .add(new byte[] {7})
                .flush(Channels.newChannel(sink));
        var reader = new FrameReader(new Pieces(sink.toByteArray(), 5000), MAX);

        assertThat(reader.readOrSkip()).isEmpty();
        assertThat(reader.readOrSkip()).contains(new byte[] {7});
    }

    @Test
    void anEndInsideAFrameIsAnError() {
        for (var bytes : List.of(new byte[] {5, 0}, new byte[] {5, 0, 0, 0, 1, 2})) {
            assertThatThrownBy(() -> new FrameReader(new Pieces(bytes, 1), MAX).read())
                    .isInstanceOf(EOFException.class);
        }
    }

    /** Bytes that arrive in pieces of a given size. */
    private static final class Pieces implements ReadableByteChannel {
        private final ByteBuffer bytes;
        private final int piece;

        Pieces(byte[] bytes, int piece) {
            this.bytes = ByteBuffer.wrap(bytes);
            this.piece = piece;
        }

        @Override
        public int read(ByteBuffer target) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(piece, Math.min(bytes.remaining(), target.remaining()));
            target.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
