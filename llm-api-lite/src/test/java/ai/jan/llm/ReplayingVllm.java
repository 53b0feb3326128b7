// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** A model server that gives one recorded answer, in pieces as it is told, over bare sockets. */
final class ReplayingVllm implements AutoCloseable {
    private final ServerSocket server;
    private volatile VllmRecording recording;
    private volatile int piece = Integer.MAX_VALUE;
    private volatile int cutAt = Integer.MAX_VALUE;
    private volatile Duration pause = Duration.ZERO;
    private volatile JsonNode asked = Json.object();
    private volatile String askedText = "";

    ReplayingVllm() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    /** All at once. */
    void play(VllmRecording next) {
        play(next, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * @param pieceSize bytes per write, each a chunk of the transfer of its own
     * @param end bytes after which the connection breaks
     */
    void play(VllmRecording next, int pieceSize, int end) {
        pause = Duration.ZERO;
        recording = next;
        piece = pieceSize;
        cutAt = end;
    }

    /** The first event at once, all others after a pause. */
    void playSlowly(VllmRecording next, Duration silence) {
        play(next, next.body().indexOf("\n\n") + 2, Integer.MAX_VALUE);
        pause = silence;
    }

    /** The body of the last request. */
    JsonNode asked() {
        return asked;
    }

    String askedText() {
        return askedText;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var input = socket.getInputStream();
            for (int length; (length = bodyLength(input)) >= 0; ) {
                askedText = new String(input.readNBytes(length), UTF_8);
                asked = Json.parse(askedText);
                if (!send(socket.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException e) {
            // the other side left, which is its right
        }
    }

    /** False if the answer was cut off. */
    private boolean send(OutputStream output) throws IOException {
        var body = recording.body().getBytes(UTF_8);
        output.write(
                "HTTP/1.1 %d X\r\ncontent-type: %s\r\ntransfer-encoding: chunked\r\n\r\n"
                        .formatted(recording.status(), recording.type())
                        .getBytes(ISO_8859_1));
        int end = Math.min(cutAt, body.length);
        for (int at = 0; at < end; ) {
            if (at > 0 && pause.isPositive()) {
                LockSupport.parkNanos(pause.toNanos());
                pause = Duration.ZERO;
            }
            int size = Math.min(piece, end - at);
            output.write((Integer.toHexString(size) + "\r\n").getBytes(ISO_8859_1));
            output.write(body, at, size);
            output.write("\r\n".getBytes(ISO_8859_1));
            output.flush();
            at += size;
        }
        if (end < body.length) {
            return false;
        }
        output.write("0\r\n\r\n".getBytes(ISO_8859_1));
        output.flush();
        return true;
    }

    /** Reads the head of a request; -1 if there is none. */
    private static int bodyLength(InputStream input) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = input.read();
            if (next < 0) {
                return -1;
            }
            head.append((char) next);
        }
        for (var line : head.toString().split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring("content-length:".length()).trim());
            }
        }
        return 0;
    }
}
