// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Post;
import ai.jan.bench.platform.Target;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Makes conversations of a certain length, through the API, to be continued. */
public final class Histories {
    private static final int ITEMS_AT_ONCE = 20;
    private static final String SAID = "word ".repeat(20).strip(); // a hundred characters

    private final Target target;
    private final HttpClient http;

    public Histories(Target target, HttpClient http) {
        this.target = target;
        this.http = http;
    }

    /** A chat that is not kept, behind nothing. */
    public Post none() {
        return chat(Json.object());
    }

    /**
     * A chat in a conversation, which is not kept, so that the next one is as long.
     *
     * @param items of the conversation, from the user and the assistant in turns
     */
    public Post conversation(int items) throws IOException, InterruptedException {
        var id = post("/conversations", Json.object()).path("id").asText();
        for (int done = 0; done < items; done += ITEMS_AT_ONCE) {
            var some = Json.object();
            var list = some.putArray("items");
            for (int i = done; i < Math.min(items, done + ITEMS_AT_ONCE); i++) {
                list.addObject()
                        .put("type", "message")
                        .put("role", i % 2 == 0 ? "user" : "assistant")
                        .put("content", SAID);
            }
            var _ = post("/conversations/" + id + "/items", some);
        }
        return chat(Json.object().put("conversation", id));
    }

    /**
     * A response that is not kept, behind the last of a chain.
     *
     * @param items of the chain, a question and an answer of each response
     */
    public Post responses(int items) throws IOException, InterruptedException {
        var previous = "";
        for (int i = 0; i < items; i += 2) {
            var body = Json.object().put("model", target.model()).put("input", SAID);
            if (!previous.isEmpty()) {
                body.put("previous_response_id", previous);
            }
            previous = post("/responses", body).path("id").asText();
        }
        var body =
                Json.object().put("model", target.model()).put("input", SAID).put("store", false);
        if (!previous.isEmpty()) {
            body.put("previous_response_id", previous);
        }
        return new Post("/responses", Json.text(body), "\"completed\"");
    }

    private Post chat(ObjectNode body) {
        body.put("model", target.model()).put("store", false);
        body.putArray("messages").addObject().put("role", "user").put("content", SAID);
        return new Post("/chat/completions", Json.text(body), "\"choices\"");
    }

    private ObjectNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(target.url() + path))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        Json.text(body), StandardCharsets.UTF_8));
        target.headers().get().forEach(request::header);
        var answer = http.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 300
                || !(Json.parse(answer.body()) instanceof ObjectNode object)) {
            throw new IOException(
                    path
                            + ": "
                            + answer.statusCode()
                            + " "
                            + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return object;
    }
}
