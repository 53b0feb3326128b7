// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.KongText;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** The upstream of the recordings: does what the header {@code X-Up} says. */
final class EchoUpstream implements Upstream {
    @Override
    public SimulatedResponse answer(UpstreamRequest request) throws IOException {
        var control = Golden.MAPPER.readTree(request.header("X-Up").orElse("{}"));
        if (control.has("close") || request.host().endsWith(":0")) {
            throw new IOException("closed");
        }
        var name = "up" + request.host().replaceFirst(".*:2910(\\d)", "$1");
        if (control.has("upgrade")) {
            return new SimulatedResponse(101, new HeaderLines(), Bytes.EMPTY)
                    .withHeader("Upgrade", "websocket")
                    .withHeader("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
        var response =
                new SimulatedResponse(
                        control.path("status").asInt(200),
                        new HeaderLines(),
                        body(control, request, name));
        if (request.method().equals("HEAD")) {
            var length = text(request, name).length();
            response = response.withHeader("Content-Length", String.valueOf(length));
        }
        if (control.has("chunks")) {
            response = response.withHeader("Transfer-Encoding", "chunked");
        }
        if (!control.has("no_type")) {
            response = response.withHeader("Content-Type", "application/json");
        }
        response =
                response.withHeader("X-Upstream", name)
                        .withHeader("Date", "Mon, 02 Jan 2023 00:00:00 GMT")
                        .withHeader("Server", "echo/1");
        for (var line : control.path("headers")) {
            response = response.withHeader(line.get(0).asText(), line.get(1).asText());
        }
        return response;
    }

    private static Bytes body(JsonNode control, UpstreamRequest request, String name)
            throws JsonProcessingException {
        if (request.method().equals("HEAD")) {
            return Bytes.EMPTY;
        }
        if (control.has("body")) {
            return Bytes.utf8(control.path("body").asText());
        }
        if (control.has("body_size")) {
            return Bytes.utf8("x".repeat(control.path("body_size").asInt()));
        }
        if (control.has("chunks")) {
            var all = new StringBuilder();
            control.path("chunks").forEach(chunk -> all.append(chunk.get(0).asText()));
            return Bytes.utf8(all.toString());
        }
        return Bytes.utf8(text(request, name));
    }

    private static String text(UpstreamRequest request, String name)
            throws JsonProcessingException {
        return "{\"upstream\": "
                + Golden.MAPPER.writeValueAsString(name)
                + ", \"method\": "
                + Golden.MAPPER.writeValueAsString(request.method())
                + ", \"target\": "
                + ascii(request.target())
                + "}";
    }

    /** As Python writes a string of Latin-1 characters. */
    private static String ascii(String text) {
        var quoted = new StringBuilder("\"");
        for (byte next : KongText.encode(text)) {
            quoted.append(
                    next < 0 ? String.format("\\u%04x", next & 0xFF) : String.valueOf((char) next));
        }
        return quoted.append('"').toString();
    }
}
