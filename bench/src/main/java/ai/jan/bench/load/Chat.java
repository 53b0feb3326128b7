// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.model.Script;
import ai.jan.kit.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * A request for a chat.
 *
 * @param script what the model is to do
 * @param stream whether the answer is a stream
 * @param padding characters of the prompt besides the script
 */
public record Chat(Script script, boolean stream, int padding) {
    /** The request as bytes for a connection to the target. */
    public byte[] bytes(Target target) {
        var body = Json.object().put("model", target.model()).put("stream", stream);
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", "word ".repeat(padding / 5) + script.text());
        var json = Json.text(body).getBytes(StandardCharsets.UTF_8);
        var head =
                new StringBuilder("POST ")
                        .append(target.url().getPath())
                        .append("/chat/completions HTTP/1.1\r\nHost: ")
                        .append(target.url().getAuthority())
                        .append("\r\nContent-Type: application/json\r\nContent-Length: ")
                        .append(json.length)
                        .append("\r\n");
        target.headers()
                .get()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        var bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var all = new byte[bytes.length + json.length];
        System.arraycopy(bytes, 0, all, 0, bytes.length);
        System.arraycopy(json, 0, all, bytes.length, json.length);
        return all;
    }
}
