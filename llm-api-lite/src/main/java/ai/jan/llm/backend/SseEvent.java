// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.util.Optional;
import java.util.stream.Collectors;
import okio.ByteString;

/**
 * One server-sent event as it came.
 *
 * @param bytes whole lines, with the empty line that ends it
 * @param data what its data lines say, if it has any
 */
public record SseEvent(ByteString bytes, Optional<String> data) {
    private static final String FIELD = "data:";

    static SseEvent of(ByteString bytes) {
        var text = bytes.utf8();
        var data =
                text.lines()
                        .filter(line -> line.startsWith(FIELD))
                        .map(line -> line.substring(FIELD.length()))
                        .map(value -> value.startsWith(" ") ? value.substring(1) : value)
                        .toList();
        return new SseEvent(
                bytes,
                data.isEmpty()
                        ? Optional.empty()
                        : Optional.of(data.stream().collect(Collectors.joining("\n"))));
    }

    /** A comment, which keeps a connection alive and means nothing. */
    public boolean isComment() {
        return bytes.size() > 0 && bytes.getByte(0) == ':' && data.isEmpty();
    }
}
