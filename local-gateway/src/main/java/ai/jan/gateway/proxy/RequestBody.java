// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, as it arrives or kept. Reading it the first time answers {@code Expect:
 * 100-continue}. A body larger than allowed, or that is not well-formed, is an {@link HttpFailure}.
 */
final class RequestBody implements AutoCloseable {
    /** Bounds of bodies. A size of 0 is no bound; {@code folder} takes what memory should not. */
    record Limits(long maxSize, long memory, Path folder) {}

    private static final int TIMEOUT = 60_000;
    private static final int MAX_CHUNK_LINE = 1024;

    private final @Nullable ClientInput in;
    private final OutputStream out;
    private final Limits limits;
    private final boolean chunked;
    private final long length;
    private boolean expectsContinue;
    private long left;
    private long seen;
    private boolean ended;
    private @Nullable KeptBody kept;

    private RequestBody() {
        this.in = null;
        this.out = OutputStream.nullOutputStream();
        this.limits = new Limits(0, 0, Path.of(""));
        this.chunked = false;
        this.length = 0;
        this.ended = true;
    }

    private RequestBody(
            ClientInput in, OutputStream out, Limits limits, RequestHead head, long length) {
        this.in = in;
        this.out = out;
        this.limits = limits;
        this.chunked = length < 0;
        this.length = length;
        this.left = chunked ? 0 : length;
        this.ended = length == 0;
        this.expectsContinue = head.expectsContinue() && length != 0;
    }

    /** The body of a request that has none. */
    static RequestBody none() {
        return new RequestBody();
    }

    static RequestBody of(RequestHead head, ClientInput in, OutputStream out, Limits limits)
            throws HttpFailure {
        var lengths = head.headers().all("Content-Length");
        var encodings = head.headers().all("Transfer-Encoding");
        if (encodings.isEmpty()) {
            long length = lengths.isEmpty() ? 0 : length(lengths.getFirst());
            if (lengths.size() > 1) {
                throw HttpFailure.badRequest();
            }
            if (limits.maxSize() > 0 && length > limits.maxSize()) {
                throw tooLarge();
            }
            return new RequestBody(in, out, limits, head, length);
        }
        if (!lengths.isEmpty() || encodings.size() > 1 || head.version() < 11) {
            throw HttpFailure.badRequest();
        }
        if (!encodings.getFirst().equalsIgnoreCase("chunked")) {
            throw new HttpFailure(501, "Not Implemented");
        }
        return new RequestBody(in, out, limits, head, -1);
    }

    private static long length(String text) throws HttpFailure {
        if (!text.matches("\\d{1,18}")) {
            throw HttpFailure.badRequest();
        }
        return Long.parseLong(text);
    }

    private static HttpFailure tooLarge() {
        return new HttpFailure(413, "Payload too large");
    }

    /** Whether the client announced a body, be it empty. */
    boolean chunked() {
        return chunked;
    }

    /** The announced length; -1 for chunks. */
    long length() {
        return length;
    }

    /** How much of it has come. */
    long seen() {
        return seen;
    }

    /** Whether nothing of the body is left on the connection. */
    boolean consumed() {
        return ended;
    }

    /** Some bytes, or -1 at the end. */
    int read(byte[] target) throws IOException, HttpFailure {
        if (ended) {
            return -1;
        }
        acceptExpectation();
        if (chunked && left == 0 && !nextChunk()) {
            return -1;
        }
        int count =
                client(() -> in().read(target, 0, (int) Math.min(target.length, left), TIMEOUT));
        if (count < 0) {
            throw new ClientGone("the client ended its request early");
        }
        left -= count;
        seen += count;
        if (limits.maxSize() > 0 && seen > limits.maxSize()) {
            throw tooLarge();
        }
        if (left == 0) {
            if (chunked) {
                endOfLine();
            } else {
                ended = true;
            }
        }
        return count;
    }

    private ClientInput in() {
        return Objects.requireNonNull(in, "read from a request without body");
    }

    /** Tells a client that waits for it to send its body, as nginx does even if it drops it. */
    void acceptExpectation() throws IOException {
        if (expectsContinue) {
            expectsContinue = false;
            try {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII));
                out.flush();
            } catch (IOException e) {
                throw new ClientGone(e);
            }
        }
    }

    private boolean nextChunk() throws IOException, HttpFailure {
        var line = line();
        int extension = line.indexOf(';');
        var size = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (!UpstreamAnswer.isChunkSize(size)) {
            throw HttpFailure.badRequest();
        }
        left = Long.parseLong(size, 16);
        if (left > 0) {
            if (limits.maxSize() > 0 && seen + left > limits.maxSize()) {
                throw tooLarge(); // before it comes
            }
            return true;
        }
        while (!line().isEmpty()) { // trailers are not passed on
            seen += 1;
            if (seen > limits.memory() + MAX_CHUNK_LINE * 100L) {
                throw tooLarge();
            }
        }
        ended = true;
        return false;
    }

    private void endOfLine() throws IOException, HttpFailure {
        if (!line().isEmpty()) {
            throw HttpFailure.badRequest();
        }
    }

    private String line() throws IOException, HttpFailure {
        var line = new StringBuilder();
        while (true) {
            int c = client(() -> in().read(TIMEOUT));
            if (c < 0) {
                throw new ClientGone("the client ended its request early");
            }
            if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r' && c != '\n') {
                throw HttpFailure.badRequest();
            }
            if (c == '\n') {
                int length = line.length();
                return length > 0 && line.charAt(length - 1) == '\r'
                        ? line.substring(0, length - 1)
                        : line.toString();
            }
            line.append((char) c);
            if (line.length() > MAX_CHUNK_LINE) {
                throw HttpFailure.badRequest();
            }
        }
    }

    private interface ClientRead {
        int read() throws IOException;
    }

    private static int client(ClientRead read) throws ClientGone {
        try {
            return read.read();
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }

    /** The whole body, read now if it was not yet. */
    KeptBody keep() throws IOException, HttpFailure {
        var body = kept;
        if (body == null) {
            // nginx takes a body of known length into memory up to a quarter above the buffer
            long memory = chunked ? limits.memory() : limits.memory() + limits.memory() / 4;
            body = new KeptBody(memory, limits.folder());
            kept = body;
            var buffer = new byte[16 * 1024];
            for (int count = read(buffer); count >= 0; count = read(buffer)) {
                body.write(buffer, count);
            }
        }
        return body;
    }

    /** The body if it was kept. */
    Optional<KeptBody> kept() {
        return Optional.ofNullable(kept);
    }

    /** Reads and forgets what is left, up to a bound; answers whether the end was reached. */
    boolean discard(long most) throws IOException {
        var buffer = new byte[16 * 1024];
        long discarded = 0;
        try {
            while (!ended && discarded <= most) {
                discarded += Math.max(read(buffer), 0);
            }
        } catch (HttpFailure e) {
            return false; // framing is lost: the connection can only be closed
        }
        return ended;
    }

    @Override
    public void close() throws IOException {
        if (kept != null) {
            kept.close();
        }
    }
}
