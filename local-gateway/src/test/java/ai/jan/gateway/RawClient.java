// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** A client that sends exactly the bytes it is told to. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT = 20_000;

    /** A whole response. */
    public record Response(int status, List<Wire.Header> headers, byte[] body) {
        public String text() {
            return new String(body, UTF_8);
        }

        public String header(String name) {
            return Wire.first(headers, name).orElse("");
        }
    }

    private final Socket socket;
    private final Wire in;

    public RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new Wire(new BufferedInputStream(socket.getInputStream()));
        socket.setSoTimeout(TIMEOUT);
        socket.setTcpNoDelay(true);
    }

    public static RawClient connect(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public Socket socket() {
        return socket;
    }

    public Wire in() {
        return in;
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public RawClient send(String bytes) throws IOException {
        return send(bytes.getBytes(ISO_8859_1));
    }

    /** Sends a request without body and reads the answer. */
    public Response get(String path, String... headerLines) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: gw.test\r\n");
        for (var line : headerLines) {
            send(line + "\r\n");
        }
        send("\r\n");
        return response();
    }

    /** Reads one answer. */
    public Response response() throws IOException {
        var line = in.line();
        if (line == null) {
            throw new IOException("closed without an answer");
        }
        var headers = in.headers();
        if (headers == null) {
            throw new IOException("closed within the headers");
        }
        int status = Integer.parseInt(line.split(" ", 3)[1]);
        var length = Wire.first(headers, "Content-Length");
        if (Wire.first(headers, "Transfer-Encoding").isPresent()) {
            var body = new ByteArrayOutputStream();
            for (var chunk = in.chunk(); chunk != null && chunk.length > 0; chunk = in.chunk()) {
                body.writeBytes(chunk);
            }
            in.line();
            return new Response(status, headers, body.toByteArray());
        }
        return new Response(
                status,
                headers,
                length.isPresent() ? in.bytes(Integer.parseInt(length.get())) : new byte[0]);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
