// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Writes one response to a client, in the framing its HTTP version allows. What is written may only
 * be sent when it is flushed, or the response ends.
 */
final class ResponseWriter implements Flushable {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final byte[] LINE_END = {'\r', '\n'};

    private final OutputStream out;
    private final int version;
    private final boolean headOnly;
    private final BooleanSupplier mayKeep;
    private boolean keepAlive;
    private boolean started;
    private boolean chunked;
    private long sentBytes;

    /**
     * @param version of the request; 9 for one that takes no headers
     * @param headOnly whether the request was HEAD
     * @param mayKeep whether client and gateway would keep the connection
     */
    ResponseWriter(OutputStream out, int version, boolean headOnly, BooleanSupplier mayKeep) {
        this.out = out;
        this.version = version;
        this.headOnly = headOnly;
        this.mayKeep = mayKeep;
        this.keepAlive = version >= 10;
    }

    static String date() {
        return DATE.format(Instant.now());
    }

    boolean keepAlive() {
        keepAlive &= mayKeep.getAsBoolean();
        return keepAlive;
    }

    void closeAfterwards() {
        keepAlive = false;
    }

    boolean started() {
        return started;
    }

    long sentBytes() {
        return sentBytes;
    }

    /** Whether bodies without a known length go in chunks. */
    boolean canChunk() {
        return version >= 11;
    }

    /** How the connection goes on, for the Connection header. */
    String connection() {
        return keepAlive() ? "keep-alive" : "close";
    }

    /** A whole response. */
    void whole(int status, String reason, Headers headers, byte[] body) throws ClientGone {
        head(status, reason, headers);
        if (!headOnly) {
            write(body, body.length);
        }
        flush();
    }

    /** The head of a response whose body follows with {@link #body}. */
    void head(int status, String reason, Headers headers) throws ClientGone {
        started = true;
        chunked = headers.first("Transfer-Encoding").isPresent();
        if (version == 9) {
            return;
        }
        var text = new StringBuilder(512);
        text.append("HTTP/1.1 ").append(status).append(' ').append(reason).append("\r\n");
        headers.writeTo(text);
        text.append("\r\n");
        raw(text.toString().getBytes(ISO_8859_1));
    }

    /** A piece of the body. */
    void body(byte[] data, int length) throws ClientGone {
        if (headOnly || length == 0) {
            return;
        }
        if (chunked) {
            raw((Integer.toHexString(length) + "\r\n").getBytes(US_ASCII));
        }
        write(data, length);
        if (chunked) {
            raw(LINE_END);
        }
    }

    /** Ends a body that was complete. */
    void end() throws ClientGone {
        if (chunked && !headOnly) {
            raw("0\r\n\r\n".getBytes(US_ASCII));
        }
        flush();
    }

    /** Bytes without any framing. */
    void raw(byte[] bytes) throws ClientGone {
        write(bytes, bytes.length);
    }

    private void write(byte[] data, int length) throws ClientGone {
        try {
            out.write(data, 0, length);
            sentBytes += length;
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }

    @Override
    public void flush() throws ClientGone {
        try {
            out.flush();
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }
}
