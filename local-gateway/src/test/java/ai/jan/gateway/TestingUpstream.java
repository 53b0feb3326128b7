// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service that notes every request and answers as the request's header {@code X-Up} tells it: the
 * echo upstream of the recordings, in Java.
 */
public final class TestingUpstream implements AutoCloseable {
    /**
     * A request as it arrived. {@code goneMillis} is how long after it the gateway closed the
     * connection, or -1.
     */
    public record Seen(
            String upstream,
            String method,
            String target,
            String version,
            List<Wire.Header> headers,
            String framing,
            byte[] body,
            long arrivedNanos,
            AtomicLong goneMillis) {
        public Optional<String> header(String name) {
            return Wire.first(headers, name);
        }

        private void gone() {
            goneMillis.set((System.nanoTime() - arrivedNanos) / 1_000_000);
        }
    }

    private final String name;
    private final ServerSocket server;
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> idle = ConcurrentHashMap.newKeySet();

    private volatile int health = 200;

    private TestingUpstream(String name, int port) throws IOException {
        this.name = name;
        this.server = new ServerSocket(port, 512, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name(name).start(this::accept);
    }

    public static TestingUpstream start() throws IOException {
        return start("up1", 0);
    }

    /** Starts it on a port; 0 for a free one. */
    public static TestingUpstream start(String name, int port) throws IOException {
        return new TestingUpstream(name, port);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The answer to requests of health checks. */
    public void health(int status) {
        health = status;
    }

    /** The requests since the last call. */
    public List<Seen> take() {
        var all = new ArrayList<Seen>();
        seen.drainTo(all);
        return all;
    }

    /** The next request, waiting for it. */
    public Seen next() throws InterruptedException {
        var next = seen.poll(10, java.util.concurrent.TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request arrived");
        }
        return next;
    }

    /** Closes connections that wait for a request. */
    public void dropIdle() throws IOException {
        for (var socket : idle) {
            socket.shutdownOutput();
            socket.shutdownInput();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new Wire(new BufferedInputStream(socket.getInputStream()));
            boolean goesOn = true;
            while (goesOn) {
                idle.add(socket);
                var line = in.line();
                idle.remove(socket);
                goesOn = line != null && request(socket, in, line);
            }
        } catch (IOException | InterruptedException | IllegalArgumentException e) {
            // the gateway went away, or sent what no test should
        } finally {
            idle.remove(socket);
            sockets.remove(socket);
        }
    }

    private boolean request(Socket socket, Wire in, String line)
            throws IOException, InterruptedException {
        long arrived = System.nanoTime();
        var headers = in.headers();
        if (headers == null) {
            return false;
        }
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        var framing = "none";
        var body = new ByteArrayOutputStream();
        var length = Wire.first(headers, "Content-Length");
        if (Wire.first(headers, "Transfer-Encoding").isPresent()) {
            framing = "chunked";
            for (var chunk = in.chunk(); chunk != null && chunk.length > 0; chunk = in.chunk()) {
                body.writeBytes(chunk);
            }
            in.line();
        } else if (length.isPresent()) {
            framing = "length";
            body.writeBytes(in.bytes(Integer.parseInt(length.get())));
        }
        var request =
                new Seen(
                        name,
                        line.substring(0, first),
                        line.substring(first + 1, last),
                        line.substring(last + 1),
                        headers,
                        framing,
                        body.toByteArray(),
                        arrived,
                        new AtomicLong(-1));
        if (request.target().startsWith("/__health")) {
            socket.getOutputStream()
                    .write(
                            "HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n"
                                    .formatted(health)
                                    .getBytes(ISO_8859_1));
            return false;
        }
        if (request.target().startsWith("/v1/traces")) {
            return answer(socket, request, Json.object());
        }
        seen.add(request);
        return answer(socket, request, control(request));
    }

    private ObjectNode control(Seen request) {
        try {
            var text = request.header("X-Up").orElse("{}");
            var control = (ObjectNode) Json.parse(new String(text.getBytes(ISO_8859_1), UTF_8));
            var own = control.path("if_port").path(name);
            own.properties().forEach(entry -> control.set(entry.getKey(), entry.getValue()));
            return control;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Json.object();
        }
    }

    private boolean answer(Socket socket, Seen request, ObjectNode control)
            throws IOException, InterruptedException {
        if (control.path("close").asBoolean()
                || !waited(socket, request, control.path("delay_ms").asInt())) {
            return false;
        }
        var out = socket.getOutputStream();
        if (control.has("raw_hex")) {
            out.write(HexFormat.of().parseHex(control.get("raw_hex").asText()));
            return false;
        }
        if (control.path("upgrade").asBoolean() && request.header("Upgrade").isPresent()) {
            out.write(
                    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection:"
                                    + " Upgrade\r\n"
                                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
                            .getBytes(ISO_8859_1));
            socket.getInputStream().transferTo(out);
            return false;
        }
        int status = control.path("status").asInt(200);
        var body = body(request, control);
        boolean bodiless = status == 204 || status == 304;
        boolean pieces = control.has("chunks") || control.has("trailers");
        var framing =
                bodiless ? "none" : control.path("framing").asText(pieces ? "chunked" : "length");
        out.write(head(control, status, framing, body.length));
        if (request.method().equals("HEAD") || bodiless) {
            return true;
        }
        boolean half = control.path("half").asBoolean();
        if (framing.equals("chunked")) {
            boolean late = control.path("late_line_end").asBoolean(); // with the chunk after it
            var before = "";
            for (var chunk : chunks(control, body)) {
                if (!waited(socket, request, chunk.get(1).asInt())) {
                    return false;
                }
                var data = chunk.get(0).asText().getBytes(UTF_8);
                out.write(
                        (before + Integer.toHexString(data.length) + "\r\n").getBytes(ISO_8859_1));
                out.write(data);
                before = late ? "\r\n" : "";
                out.write((late ? "" : "\r\n").getBytes(ISO_8859_1));
            }
            if (!half) {
                out.write(
                        (before + "0\r\n" + lines(control.path("trailers")) + "\r\n")
                                .getBytes(ISO_8859_1));
            }
            return !half;
        }
        out.write(body, 0, half ? body.length / 2 : body.length);
        return !half && !framing.equals("close");
    }

    private byte[] body(Seen request, ObjectNode control) {
        if (control.has("body")) {
            return control.get("body").asText().getBytes(UTF_8);
        }
        if (control.has("body_size")) {
            return "x".repeat(control.get("body_size").asInt()).getBytes(UTF_8);
        }
        return "{\"upstream\": \"%s\", \"method\": \"%s\", \"target\": \"%s\"}"
                .formatted(name, request.method(), request.target())
                .getBytes(UTF_8);
    }

    private static Iterable<JsonNode> chunks(ObjectNode control, byte[] body) {
        return control.has("chunks")
                ? control.get("chunks")
                : Json.array().add(Json.array().add(new String(body, UTF_8)).add(0));
    }

    private byte[] head(ObjectNode control, int status, String framing, int length) {
        var lines =
                new StringBuilder("HTTP/1.1 %d %s\r\n".formatted(status, reason(control, status)));
        lines.append("Server: echo/1\r\nDate: Mon, 02 Jan 2023 00:00:00 GMT\r\nX-Upstream: ")
                .append(name)
                .append("\r\n");
        var given = lines(control.path("headers"));
        var lower = given.toLowerCase(Locale.ROOT);
        boolean typed = !control.path("no_type").asBoolean() && status != 204 && status != 304;
        if (typed && !lower.contains("content-type:")) {
            lines.append("Content-Type: application/json\r\n");
        }
        lines.append(given);
        switch (framing) {
            case "length" -> lines.append("Content-Length: ").append(length).append("\r\n");
            case "chunked" -> lines.append("Transfer-Encoding: chunked\r\n");
            case "close" -> lines.append("Connection: close\r\n");
            default -> {}
        }
        return lines.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private static String reason(ObjectNode control, int status) {
        return control.path("reason").asText(status == 200 ? "OK" : "X");
    }

    private static String lines(JsonNode headers) {
        var lines = new StringBuilder();
        headers.forEach(header ->
                lines.append(header.get(0).asText())
                        .append(": ")
                        .append(header.get(1).asText())
                        .append("\r\n"));
        return lines.toString();
    }

    /** Waits, watching the connection; answers whether it is still open. */
    private static boolean waited(Socket socket, Seen request, int millis)
            throws IOException, InterruptedException {
        if (millis == 0) {
            return true;
        }
        socket.setSoTimeout(millis);
        try {
            if (socket.getInputStream().read() < 0) {
                request.gone();
                return false;
            }
            throw new IOException("more than one request at a time");
        } catch (java.net.SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            request.gone();
            return false;
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout(0);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
