// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Splits a stream into events, byte for byte; lines end with LF or CRLF. */
final class EventReader {
    private static final long MAX_EVENT = 4L * 1024 * 1024;
    private static final byte[] LINE_END = "\n".getBytes(StandardCharsets.UTF_8);

    private final BufferedSource source;

    EventReader(BufferedSource source) {
        this.source = source;
    }

    /**
     * The next event, or null at the end of the stream. A last event without its empty line gets
     * one.
     *
     * @throws IOException if the stream breaks or an event is larger than 4 MiB
     */
    @Nullable SseEvent next() throws IOException {
        var event = new Buffer();
        while (!source.exhausted()) {
            long end = source.indexOf((byte) '\n', 0, MAX_EVENT);
            long length = end >= 0 ? end + 1 : source.getBuffer().size();
            if (event.size() + length > MAX_EVENT) {
                throw new IOException("an event is larger than " + MAX_EVENT + " bytes");
            }
            var line = source.readByteArray(length);
            boolean isEmpty = line.length == 1 || (line.length == 2 && line[0] == '\r');
            if (end >= 0 && isEmpty) {
                if (event.size() == 0) {
                    continue; // an empty line between events
                }
                event.write(line);
                return SseEvent.of(event.readByteString());
            }
            event.write(line);
            if (end < 0) {
                event.write(LINE_END);
            }
        }
        if (event.size() == 0) {
            return null;
        }
        event.write(LINE_END);
        return SseEvent.of(event.readByteString());
    }
}
