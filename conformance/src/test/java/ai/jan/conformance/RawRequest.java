// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A request byte by byte, as no well-behaved client would send it. */
final class RawRequest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Text that goes out as Latin-1, a byte for each character. */
    RawRequest text(String text) {
        bytes.writeBytes(text.getBytes(ISO_8859_1));
        return this;
    }

    /** A body with its length and the end of the head before it. */
    RawRequest body(byte[] body) {
        text("Content-Length: " + body.length + "\r\n\r\n");
        bytes.writeBytes(body);
        return this;
    }

    /**
     * Sends it and reads until the server closes the connection, which the request must ask for
     * unless it is one after which any server has to.
     *
     * @throws java.net.SocketTimeoutException if it is not answered in time
     */
    Answers send(URI server) throws IOException {
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout((int) Gateway.BOUND.toMillis());
            socket.getOutputStream().write(bytes.toByteArray());
            return new Answers(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
        }
    }

    /** All that came back on the connection. */
    record Answers(String text) {
        List<Integer> statuses() {
            return STATUS.matcher(text)
                    .results()
                    .map(match -> Integer.parseInt(match.group(1)))
                    .toList();
        }

        /** The body of the only answer. */
        String body() {
            assertThat(statuses()).as(text).hasSize(1);
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }

        /** One error, as OpenAI clients expect it. */
        Answers isOneOpenAiError() throws IOException {
            var error = Json.parse(body()).path("error");
            assertThat(text.toLowerCase(Locale.ROOT))
                    .contains("content-type: application/json")
                    .doesNotContain("<html", "exception", "\\tat ");
            assertThat(error.path("message").asText()).as(text).isNotBlank();
            assertThat(error.path("type").isTextual()).as(text).isTrue();
            assertThat(error.has("param") && error.has("code")).as(text).isTrue();
            return this;
        }
    }
}
