// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** One answer of HTTP/1.1 after the other, from bytes that come in parts. */
final class Reply {
    private static final int MAX_LINE = 64 * 1024;

    private enum Part {
        STATUS,
        HEADERS,
        COUNTED,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSED,
        OVER
    }

    /** Where the bodies go. */
    interface Body {
        void come(byte[] bytes, int from, int to);
    }

    private final Body body;
    private byte[] line = new byte[256];
    private int length;
    private Part part = Part.OVER;
    private int status;
    private boolean isLast;
    private boolean isChunked;
    private long left;

    Reply(Body body) {
        this.body = body;
    }

    /** Another answer is expected. */
    void begin() {
        part = Part.STATUS;
        length = 0;
        isLast = false;
    }

    boolean isOver() {
        return part == Part.OVER;
    }

    /** Whether the other side will close the connection behind it. */
    boolean isLast() {
        return isLast;
    }

    int status() {
        return status;
    }

    /**
     * The connection was closed.
     *
     * @return whether the answer ends that way
     */
    boolean closed() {
        return part == Part.UNTIL_CLOSED;
    }

    /**
     * @throws IllegalArgumentException if this is no HTTP
     */
    void come(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && part != Part.OVER) {
            switch (part) {
                case COUNTED, CHUNK -> at = counted(bytes, at, to);
                case UNTIL_CLOSED -> {
                    body.come(bytes, at, to);
                    at = to;
                }
                case STATUS, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS, OVER -> {
                    byte next = bytes[at++];
                    if (next == '\n') {
                        line();
                        length = 0;
                    } else {
                        append(next);
                    }
                }
            }
        }
    }

    private int counted(byte[] bytes, int from, int to) {
        int count = (int) Math.min(left, to - from);
        body.come(bytes, from, from + count);
        left -= count;
        if (left == 0) {
            part = part == Part.CHUNK ? Part.CHUNK_END : Part.OVER;
        }
        return from + count;
    }

    private void append(byte next) {
        if (length == MAX_LINE) {
            throw new IllegalArgumentException("a line without end");
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, length * 2);
        }
        line[length++] = next;
    }

    private void line() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        switch (part) {
            case STATUS -> status(new String(line, 0, end, StandardCharsets.ISO_8859_1));
            case HEADERS -> {
                if (end == 0) {
                    beginBody();
                } else {
                    header(new String(line, 0, end, StandardCharsets.ISO_8859_1));
                }
            }
            case CHUNK_SIZE -> {
                left = hexadecimal(end);
                part = left == 0 ? Part.TRAILERS : Part.CHUNK;
            }
            case CHUNK_END -> part = Part.CHUNK_SIZE;
            case TRAILERS -> {
                if (end == 0) {
                    part = Part.OVER;
                }
            }
            case COUNTED, CHUNK, UNTIL_CLOSED, OVER ->
                    throw new IllegalStateException("not a part of lines: " + part);
        }
    }

    private void status(String text) {
        var words = text.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IllegalArgumentException("not HTTP/1.1");
        }
        status = Integer.parseInt(words[1]);
        part = Part.HEADERS;
        isChunked = false;
        left = status == 204 ? 0 : -1;
    }

    private void header(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
            left = Long.parseLong(lower.substring(15).strip());
        } else if (lower.startsWith("transfer-encoding:")) {
            isChunked = lower.contains("chunked");
        } else if (lower.startsWith("connection:")) {
            isLast |= lower.contains("close");
        }
    }

    private void beginBody() {
        if (status < 200) {
            part = Part.STATUS; // the answer itself follows
        } else if (isChunked) {
            part = Part.CHUNK_SIZE;
        } else if (left < 0) {
            part = Part.UNTIL_CLOSED;
            isLast = true;
        } else {
            part = left == 0 ? Part.OVER : Part.COUNTED;
        }
    }

    private long hexadecimal(int end) {
        long value = 0;
        int i = 0;
        for (; i < end && line[i] != ';' && line[i] != ' '; i++) {
            int digit = Character.digit(line[i], 16);
            if (digit < 0) {
                throw new IllegalArgumentException("not the size of a chunk");
            }
            value = value * 16 + digit;
        }
        if (i == 0) {
            throw new IllegalArgumentException("no size of a chunk");
        }
        return value;
    }
}
