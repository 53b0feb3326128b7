// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One choice of a stream, put together piece by piece. Not thread-safe. */
final class TranscribedChoice {
    private static final int MAX_TEXT = 16 * 1024 * 1024;
    private static final int MAX_LOGPROBS = 200_000;

    private static final class Call {
        String id = "";
        String name = "";
        final StringBuilder arguments = new StringBuilder();
    }

    private final StringBuilder content = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final TreeMap<Integer, Call> calls = new TreeMap<>();
    private @Nullable ArrayNode logprobs;
    private @Nullable String finishReason;
    private boolean overflowed;

    void add(JsonNode choice) {
        var delta = choice.path("delta");
        append(content, delta.path("content"));
        append(refusal, delta.path("refusal"));
        delta.path("tool_calls").forEach(this::addCall);
        if (choice.at("/logprobs/content") instanceof ArrayNode tokens) {
            logprobs = logprobs == null ? Json.array() : logprobs;
            if (logprobs.size() + tokens.size() <= MAX_LOGPROBS) {
                logprobs.addAll(tokens);
            }
        }
        finishReason = choice.path("finish_reason").asText(finishReason);
    }

    /** Whether it was too long to be kept whole. */
    boolean isCutShort() {
        return overflowed;
    }

    /** The assistant's message, if anything was said. */
    Optional<ObjectNode> message() {
        if (content.isEmpty() && refusal.isEmpty() && calls.isEmpty()) {
            return Optional.empty();
        }
        var message = Json.object().put("role", "assistant");
        message.put("content", content.isEmpty() ? null : content.toString());
        if (!refusal.isEmpty()) {
            message.put("refusal", refusal.toString());
        }
        calls.values()
                .forEach(call ->
                        message.withArray("tool_calls")
                                .addObject()
                                .put("id", call.id)
                                .put("type", "function")
                                .putObject("function")
                                .put("name", call.name)
                                .put("arguments", call.arguments.toString()));
        return Optional.of(message);
    }

    /** The choice as it would have come without a stream. */
    ObjectNode toJson(int index) {
        var choice = Json.object().put("index", index);
        var said =
                message()
                        .orElseGet(() -> Json.object().put("role", "assistant").put("content", ""));
        if (!said.has("refusal")) {
            said.putNull("refusal");
        }
        choice.set("message", said);
        choice.putNull("logprobs");
        if (logprobs != null) {
            choice.putObject("logprobs").set("content", logprobs);
        }
        return choice.put("finish_reason", finishReason);
    }

    private void addCall(JsonNode delta) {
        var call = calls.computeIfAbsent(delta.path("index").asInt(), _ -> new Call());
        call.id = delta.path("id").asText(call.id);
        call.name = delta.path("function").path("name").asText(call.name);
        append(call.arguments, delta.path("function").path("arguments"));
    }

    private void append(StringBuilder text, JsonNode piece) {
        if (!piece.isTextual()) {
            return;
        }
        if (text.length() + piece.textValue().length() > MAX_TEXT) {
            overflowed = true;
            return;
        }
        text.append(piece.textValue());
    }
}
