// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.identity.Identity;
import java.io.IOException;
import java.net.Socket;

/** A chat over a bare socket, which a test can close, or not read, at will. */
final class RawChat {
    private RawChat() {}

    static void send(Socket client, String identity, String text, String more) throws IOException {
        post(client, identity, "/v1/chat/completions", TestingLlmApi.chatBody(text, more));
    }

    static void post(Socket client, String identity, String path, String body) throws IOException {
        var request =
                "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s: %s\r\n\r\n%s"
                        .formatted(path, body.length(), Identity.HEADER, identity, body);
        client.getOutputStream().write(request.getBytes(UTF_8));
        client.getOutputStream().flush();
    }

    static String readUntil(Socket client, String text) throws IOException {
        client.setSoTimeout(20_000);
        var read = new StringBuilder();
        var buffer = new byte[8192];
        while (read.indexOf(text) < 0) {
            int count = client.getInputStream().read(buffer);
            assertThat(count).as("end of: " + read).isPositive();
            read.append(new String(buffer, 0, count, UTF_8));
        }
        return read.toString();
    }
}
