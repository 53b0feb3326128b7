// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The message of an answer: text, and a refusal if the model refuses. */
final class MessageItem extends OutputItem {
    private final ArrayNode content = Json.array();
    private @Nullable Part part;

    private static final class Part {
        final String type;
        final StringBuilder text = new StringBuilder();
        final ArrayNode logprobs = Json.array();

        Part(String type) {
            this.type = type;
        }

        ObjectNode json() {
            var json = Json.object().put("type", type);
            if (type.equals("refusal")) {
                return json.put("refusal", text.toString());
            }
            json.put("text", text.toString()).putArray("annotations");
            json.set("logprobs", logprobs.deepCopy());
            return json;
        }
    }

    MessageItem(int index, Events events) {
        super("message", index, events);
    }

    void text(String delta, JsonNode logprobs) throws ClientGone {
        var open = part("output_text");
        open.text.append(delta);
        var tokens = logprobs instanceof ArrayNode array ? array : Json.array();
        open.logprobs.addAll(tokens);
        var event = Json.object().put("content_index", content.size()).put("delta", delta);
        event.set("logprobs", tokens);
        emit("response.output_text.delta", event);
    }

    /** The model said nothing. */
    void beEmpty() throws ClientGone {
        var _ = part("output_text");
    }

    void refusal(String delta) throws ClientGone {
        part("refusal").text.append(delta);
        emit(
                "response.refusal.delta",
                Json.object().put("content_index", content.size()).put("delta", delta));
    }

    @Override
    void describe(ObjectNode item) {
        var parts = content.deepCopy();
        if (part != null) {
            parts.add(part.json());
        }
        item.put("role", "assistant").set("content", parts);
    }

    @Override
    void closeParts() throws ClientGone {
        if (part == null) {
            return;
        }
        var closed = part;
        var at = Json.object().put("content_index", content.size());
        if (closed.type.equals("refusal")) {
            emit("response.refusal.done", at.deepCopy().put("refusal", closed.text.toString()));
        } else {
            var done = at.deepCopy().put("text", closed.text.toString());
            done.set("logprobs", closed.logprobs);
            emit("response.output_text.done", done);
        }
        emit("response.content_part.done", at.set("part", closed.json()));
        content.add(closed.json());
        part = null;
    }

    private Part part(String type) throws ClientGone {
        if (part == null || !part.type.equals(type)) {
            closeParts();
            part = new Part(type);
            var added = Json.object().put("content_index", content.size());
            emit("response.content_part.added", added.set("part", part.json()));
        }
        return part;
    }
}
