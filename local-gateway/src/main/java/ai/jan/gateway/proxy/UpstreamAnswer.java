// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;

/** A service's answer: its head was read, its body is still on the connection. */
final class UpstreamAnswer implements AutoCloseable {
    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    private final UpstreamConnection connection;
    private final UpstreamPool pool;
    private final ResponseHead head;
    private final Framing framing;
    private long left;
    private boolean inChunk;
    private boolean ended;

    UpstreamAnswer(
            UpstreamConnection connection, UpstreamPool pool, ResponseHead head, String method) {
        this.connection = connection;
        this.pool = pool;
        this.head = head;
        boolean bodiless =
                !head.http09()
                        && (method.equals("HEAD")
                                || head.status() == 204
                                || head.status() == 304
                                || head.status() < 200);
        var length =
                head.headers().first("Content-Length").filter(text -> text.matches("\\d{1,18}"));
        if (bodiless) {
            framing = Framing.NONE;
        } else if (head.headers()
                .first("Transfer-Encoding")
                .filter("chunked"::equalsIgnoreCase)
                .isPresent()) {
            framing = Framing.CHUNKED;
        } else if (length.isPresent()) {
            framing = Framing.LENGTH;
            left = Long.parseLong(length.get());
        } else {
            framing = Framing.CLOSE;
        }
        ended = framing == Framing.NONE || (framing == Framing.LENGTH && left == 0);
    }

    ResponseHead head() {
        return head;
    }

    UpstreamConnection connection() {
        return connection;
    }

    /** Whether there is no body by the rules of HTTP. */
    boolean bodiless() {
        return framing == Framing.NONE;
    }

    /** Whether the body's length is known from the head. */
    boolean hasLength() {
        return framing == Framing.LENGTH;
    }

    /** Some bytes of the body as soon as there are some, or -1 at its end. */
    int read(byte[] target) throws IOException {
        if (ended) {
            return -1;
        }
        if (framing == Framing.CHUNKED && left == 0 && !nextChunk()) {
            return -1;
        }
        int most = framing == Framing.CLOSE ? target.length : (int) Math.min(target.length, left);
        int count = connection.read(target, most);
        if (count < 0) {
            ended = framing == Framing.CLOSE;
            if (!ended) {
                throw new EOFException("the service ended its answer early");
            }
            return -1;
        }
        if (framing != Framing.CLOSE) {
            left -= count;
            ended = left == 0 && framing == Framing.LENGTH;
        }
        return count;
    }

    private boolean nextChunk() throws IOException {
        if (inChunk) {
            line(); // its end may only come with the next one, as Jetty's does
            inChunk = false;
        }
        var line = line();
        int extension = line.indexOf(';');
        var size = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (!isChunkSize(size)) {
            throw new EOFException("the service sent an invalid chunk");
        }
        left = Long.parseLong(size, 16);
        if (left > 0) {
            inChunk = true;
            return true;
        }
        for (int lines = 0; !line().isEmpty(); lines++) { // trailers are not passed on
            if (lines > 100) {
                throw new EOFException("the service sent too many trailers");
            }
        }
        ended = true;
        return false;
    }

    /** Whether a text is one to fifteen hexadecimal digits, as the size of a chunk must be. */
    static boolean isChunkSize(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 15;
        for (int i = 0; digits && i < text.length(); i++) {
            digits = HexFormat.isHexDigit(text.charAt(i));
        }
        return digits;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = connection.read(); c != '\n'; c = connection.read()) {
            if (c < 0 || line.length() > 8192) {
                throw new EOFException("the service ended its answer early");
            }
            line.append((char) c);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
                ? line.substring(0, length - 1)
                : line.toString();
    }

    /** Ends the use of the connection: it is kept if the whole answer was read. */
    @Override
    public void close() {
        if (ended && framing != Framing.CLOSE && head.keepAlive() && connection.drained()) {
            pool.giveBack(connection);
        } else {
            connection.close();
        }
    }
}
