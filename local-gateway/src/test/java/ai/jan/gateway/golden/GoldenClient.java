// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.golden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.gateway.RawClient;
import ai.jan.gateway.TestingGateway;
import ai.jan.gateway.Wire;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Sends a recorded request and notes what comes back, in the form of the recordings. */
final class GoldenClient {
    private final TestingGateway gateway;
    private @Nullable RawClient kept;
    private long start;

    GoldenClient(TestingGateway gateway) {
        this.gateway = gateway;
    }

    /** What came back: response and timing. */
    record Observed(ObjectNode response, ObjectNode timing) {}

    Observed request(JsonNode request) throws IOException, InterruptedException {
        var response = Json.object();
        var timing = Json.object();
        var client = request.path("reuse").asBoolean() && kept != null ? kept : connect(request);
        start = System.nanoTime();
        try {
            exchange(request, client, response, timing);
        } catch (SocketTimeoutException e) {
            response.put("note", "timed out in the client");
        } catch (IOException e) {
            response.put("note", "connection reset");
        }
        if (request.path("keep").asBoolean()) {
            kept = client;
        } else {
            client.close();
            kept = null;
        }
        return new Observed(response, timing);
    }

    private RawClient connect(JsonNode request) throws IOException {
        return switch (request.path("to").asText()) {
            case "tls" -> new RawClient(tls(gateway.tlsPort()));
            case "status" -> RawClient.connect(gateway.statusPort());
            default -> RawClient.connect(gateway.port());
        };
    }

    private static Socket tls(int port) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            return context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private long millis() {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private void exchange(
            JsonNode request, RawClient client, ObjectNode response, ObjectNode timing)
            throws IOException, InterruptedException {
        client.send(head(request));
        if (request.path("expect_continue").asBoolean() && !awaitContinue(client, response)) {
            return;
        }
        sendBody(request, client);
        if (request.has("abort_after_ms")) {
            Thread.sleep(request.get("abort_after_ms").asLong());
            if (request.path("half_close").asBoolean()) {
                client.socket().shutdownOutput();
                Thread.sleep(500);
            }
            client.close();
            response.put("aborted", true);
            return;
        }
        readResponse(request, client, response, timing);
    }

    private static byte[] head(JsonNode request) {
        if (request.has("raw_hex")) {
            return HexFormat.of().parseHex(request.get("raw_hex").asText());
        }
        var head = new StringBuilder();
        head.append(request.get("method").asText())
                .append(' ')
                .append(request.get("path").asText())
                .append(' ')
                .append(request.path("version").asText("HTTP/1.1"))
                .append("\r\n");
        for (var header : request.path("headers")) {
            head.append(header.get(0).asText()).append(": ");
            head.append(header.get(1).asText()).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private static boolean awaitContinue(RawClient client, ObjectNode response) throws IOException {
        client.socket().setSoTimeout(1000);
        try {
            var line = client.in().line();
            int status = Integer.parseInt(String.valueOf(line).split(" ", 3)[1]);
            client.in().headers();
            response.put(status == 100 ? "interim" : "status", status);
            return status == 100;
        } catch (SocketTimeoutException e) {
            response.putNull("interim");
            return true;
        } finally {
            client.socket().setSoTimeout(20_000);
        }
    }

    private static void sendBody(JsonNode request, RawClient client)
            throws IOException, InterruptedException {
        try {
            for (var part : request.path("parts")) {
                Thread.sleep(part.get(1).asLong());
                client.send(part.get(0).asText());
            }
            if (!request.has("parts") && !request.has("raw_hex")) {
                client.send(body(request.path("body")));
            }
        } catch (IOException e) {
            // the gateway answered without waiting for the whole body: the answer is what counts
        }
    }

    private static byte[] body(JsonNode body) {
        if (body.isTextual()) {
            return body.asText().getBytes(UTF_8);
        }
        if (body.has("hex")) {
            return HexFormat.of().parseHex(body.get("hex").asText());
        }
        if (!body.has("repeat")) {
            return new byte[0];
        }
        var unit = body.get("repeat").asText();
        int size = body.get("size").asInt();
        return unit.repeat(size / unit.length() + 1).substring(0, size).getBytes(UTF_8);
    }

    private void readResponse(
            JsonNode request, RawClient client, ObjectNode response, ObjectNode timing)
            throws IOException {
        var line = client.in().line();
        if (line == null || !line.startsWith("HTTP/")) {
            response.putNull("status");
            if (line != null) {
                response.put("http09", true);
                var rest = new ByteArrayOutputStream();
                rest.writeBytes((line + "\n").getBytes(ISO_8859_1));
                rest.writeBytes(client.in().rest());
                response.set("body", describe(rest.toByteArray()));
            }
            return;
        }
        timing.put("first_byte_ms", millis());
        response.put("status", Integer.parseInt(line.split(" ", 3)[1]));
        var headers = Optional.ofNullable(client.in().headers()).orElse(List.of());
        response.set("headers", lines(headers));
        if (response.get("status").asInt() == 101) {
            tunnel(request, client, response);
            return;
        }
        readBody(request, client, headers, response, timing);
        if (response.path("aborted").asBoolean()) {
            return;
        }
        timing.put("total_ms", millis());
        if (request.path("check_close").asBoolean()) {
            response.put("closed_after", closed(client));
        }
    }

    private static boolean closed(RawClient client) throws IOException {
        client.socket().setSoTimeout(400);
        try {
            return client.in().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static void tunnel(JsonNode request, RawClient client, ObjectNode response)
            throws IOException {
        if (request.has("tunnel_hex")) {
            var sent = HexFormat.of().parseHex(request.get("tunnel_hex").asText());
            client.send(sent);
            response.put("tunnel_hex", HexFormat.of().formatHex(client.in().bytes(sent.length)));
        }
    }

    private void readBody(
            JsonNode request,
            RawClient client,
            List<Wire.Header> headers,
            ObjectNode response,
            ObjectNode timing)
            throws IOException {
        int status = response.get("status").asInt();
        var length = Wire.first(headers, "Content-Length");
        var body = new ByteArrayOutputStream();
        if (request.path("method").asText().equals("HEAD") || status == 204 || status == 304) {
            response.put("framing", "none");
        } else if (Wire.first(headers, "Transfer-Encoding").isPresent()) {
            response.put("framing", "chunked");
            chunks(request, client, body, response, timing);
            if (response.path("aborted").asBoolean()) {
                return;
            }
        } else if (length.isPresent()) {
            response.put("framing", "length");
            int wanted = Integer.parseInt(length.get());
            body.writeBytes(client.in().bytes(wanted));
            if (body.size() < wanted) {
                response.put("incomplete", true);
            }
        } else {
            response.put("framing", "close");
            body.writeBytes(client.in().rest());
        }
        response.set("body", describe(body.toByteArray()));
    }

    private void chunks(
            JsonNode request,
            RawClient client,
            ByteArrayOutputStream body,
            ObjectNode response,
            ObjectNode timing)
            throws IOException {
        int most = request.path("abort_after_chunks").asInt(Integer.MAX_VALUE);
        for (int i = 0; i < most; i++) {
            byte @Nullable [] chunk;
            try {
                chunk = client.in().chunk();
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                chunk = null;
            }
            if (chunk == null) {
                response.put("incomplete", true);
                return;
            }
            if (chunk.length == 0) {
                client.in().headers();
                return;
            }
            timing.put("chunk" + i + "_ms", millis());
            body.writeBytes(chunk);
        }
        client.close();
        response.put("aborted", true);
    }

    static JsonNode lines(List<Wire.Header> headers) {
        var lines = Json.array();
        headers.forEach(header -> lines.addArray().add(header.name()).add(header.value()));
        return lines;
    }

    /** A text if it is short and printable, else size and digest. */
    static JsonNode describe(byte[] body) {
        var text = new String(body, UTF_8);
        boolean printable =
                body.length <= 2048
                        && text.indexOf('\ufffd') < 0
                        && text.chars().allMatch(c -> c >= ' ' || "\r\n\t".indexOf(c) >= 0);
        if (printable) {
            return Json.object().textNode(text);
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(body);
            return Json.object()
                    .put("size", body.length)
                    .put("sha256", HexFormat.of().formatHex(digest))
                    .put("head_hex", HexFormat.of().formatHex(body, 0, Math.min(64, body.length)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
