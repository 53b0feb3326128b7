// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** The JSON of one answer, whole or in chunks; all of it has the same id and time. */
final class Completion {
    private final String id = "chatcmpl-" + UUID.randomUUID().toString().replace("-", "");
    private final long created = System.currentTimeMillis() / 1000;
    private final String model;
    private final boolean includeUsage;

    /**
     * @param includeUsage whether chunks speak of usage
     */
    Completion(String model, boolean includeUsage) {
        this.model = model;
        this.includeUsage = includeUsage;
    }

    byte[] first() {
        var chunk = chunk();
        choice(chunk, null).putObject("delta").put("role", "assistant").put("content", "");
        return Json.bytes(chunk);
    }

    byte[] piece(String text) {
        var chunk = chunk();
        choice(chunk, null).putObject("delta").put("content", text);
        return Json.bytes(chunk);
    }

    byte[] last(String finishReason) {
        var chunk = chunk();
        choice(chunk, finishReason).putObject("delta");
        return Json.bytes(chunk);
    }

    byte[] usage(Answering.Step.End end) {
        var chunk = chunk();
        chunk.putArray("choices");
        chunk.set("usage", tokens(end));
        return Json.bytes(chunk);
    }

    ObjectNode whole(String text, Answering.Step.End end) {
        var answer = described("chat.completion");
        choice(answer, end.finishReason())
                .putObject("message")
                .put("role", "assistant")
                .put("content", text)
                .putNull("refusal");
        answer.set("usage", tokens(end));
        return answer;
    }

    private ObjectNode chunk() {
        var chunk = described("chat.completion.chunk");
        if (includeUsage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode described(String object) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static ObjectNode choice(
            ObjectNode answer, @org.jspecify.annotations.Nullable String finishReason) {
        return answer.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", finishReason)
                .putNull("logprobs");
    }

    private static ObjectNode tokens(Answering.Step.End end) {
        return Json.object()
                .put("prompt_tokens", end.promptTokens())
                .put("completion_tokens", end.completionTokens())
                .put("total_tokens", end.promptTokens() + end.completionTokens());
    }
}
