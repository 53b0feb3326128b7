// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.content;

import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.ContentBudget;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;

/** One choice of an answer, as far as it was heard. Not thread-safe. */
final class HeardChoice {
    /** One more than is told, so that it is seen that something is left out. */
    static final int MAX_CHARACTERS = ContentBudget.CHARACTERS + 1;

    private static final class Call {
        String id = "";
        String name = "";
        final StringBuilder arguments = new StringBuilder();
    }

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final TreeMap<Integer, Call> calls = new TreeMap<>();
    private String finishReason = "";

    /**
     * Takes in a whole choice, or a piece of one.
     *
     * @return how much that is
     */
    int add(JsonNode choice) {
        end(choice);
        var said = choice.path(choice.has("message") ? "message" : "delta");
        int size = append(text, choice.path("text")); // of a completion
        size += append(text, said.path("content"));
        size += append(text, said.path("refusal"));
        size += append(reasoning, said.path("reasoning_content"));
        size += append(reasoning, said.path("reasoning"));
        int known = calls.size();
        int position = 0;
        for (var piece : said.path("tool_calls")) {
            size += add(piece.path("index").asInt(position++), piece);
        }
        return size + (calls.size() - known) * Messages.PART;
    }

    /** Why it ended, if it did. */
    void end(JsonNode choice) {
        finishReason = choice.path("finish_reason").asText(finishReason);
    }

    String finishReason() {
        return finishReason;
    }

    /** As a message of a chat. */
    ObjectNode message() {
        var message = Json.object().put("role", "assistant");
        message.put("reasoning_content", reasoning.toString());
        message.put("content", text.toString());
        var all = message.putArray("tool_calls");
        calls.values()
                .forEach(call ->
                        all.addObject()
                                .put("id", call.id)
                                .putObject("function")
                                .put("name", call.name)
                                .put("arguments", call.arguments.toString()));
        return message;
    }

    private int add(int index, JsonNode piece) {
        var call = calls.computeIfAbsent(index, _ -> new Call());
        var function = piece.path("function");
        call.id = piece.path("id").asText(call.id);
        call.name = function.path("name").asText(call.name);
        return append(call.arguments, function.path("arguments"));
    }

    private static int append(StringBuilder text, JsonNode piece) {
        if (!piece.isTextual()) {
            return 0;
        }
        var more = piece.textValue();
        int room = Math.max(MAX_CHARACTERS - text.length(), 0);
        text.append(more, 0, Math.min(more.length(), room));
        return more.length();
    }
}
