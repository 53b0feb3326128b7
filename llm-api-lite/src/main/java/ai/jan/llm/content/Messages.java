// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.content;

import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.ContentBudget;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Collection;

/**
 * Messages of a chat in the shape of <a
 * href="https://github.com/open-telemetry/semantic-conventions-genai/tree/main/docs/gen-ai">OpenTelemetry's
 * conventions for GenAI</a>, as much as a {@link ContentBudget} has room for. Of pictures, sound
 * and files it is told only that there were some: their addresses may open them for anybody.
 */
final class Messages {
    /** What a part counts besides its text. */
    static final int PART = 64;

    private Messages() {}

    /** What was sent to a model; when there is too much, the last is told and the first is not. */
    static ArrayNode input(JsonNode messages) {
        var budget = new ContentBudget();
        var told = new ArrayDeque<ObjectNode>();
        for (int i = messages.size() - 1; i >= 0 && !budget.isSpent(); i--) {
            told.addFirst(message(messages.path(i), budget));
        }
        return Json.array().addAll(told);
    }

    /** What a model said. */
    static ArrayNode output(Collection<HeardChoice> choices) {
        var budget = new ContentBudget();
        var told = Json.array();
        for (var choice : choices) {
            if (!budget.isSpent()) {
                told.add(
                        message(choice.message(), budget)
                                .put("finish_reason", finishReason(choice.finishReason())));
            }
        }
        return told;
    }

    private static String finishReason(String ours) {
        return switch (ours) {
            case "" -> "error"; // the answer was cut off
            case "tool_calls", "function_call" -> "tool_call";
            default -> ours;
        };
    }

    private static ObjectNode message(JsonNode message, ContentBudget budget) {
        var told = Json.object().put("role", budget.take(message.path("role").asText()));
        var parts = told.putArray("parts");
        text("reasoning", message.path("reasoning_content"), parts, budget);
        if (message.has("tool_call_id")) {
            part("tool_call_response", parts, budget)
                    .put("id", budget.take(message.path("tool_call_id").asText()))
                    .put("response", budget.take(joined(message.path("content"))));
        } else {
            content(message.path("content"), parts, budget);
        }
        for (var call : message.path("tool_calls")) {
            if (!budget.isSpent()) {
                call(call, parts, budget);
            }
        }
        return told;
    }

    private static void content(JsonNode content, ArrayNode parts, ContentBudget budget) {
        if (!content.isArray()) {
            text("text", content, parts, budget);
            return;
        }
        for (var part : content) {
            if (part.path("text").isTextual()) {
                text("text", part.path("text"), parts, budget);
            } else if (!budget.isSpent()) {
                part(budget.take(part.path("type").asText("unknown")), parts, budget);
            }
        }
    }

    private static void text(String type, JsonNode text, ArrayNode parts, ContentBudget budget) {
        if (!text.asText("").isEmpty() && !budget.isSpent()) {
            part(type, parts, budget).put("content", budget.take(text.asText()));
        }
    }

    private static void call(JsonNode call, ArrayNode parts, ContentBudget budget) {
        var function = call.path("function");
        part("tool_call", parts, budget)
                .put("id", budget.take(call.path("id").asText()))
                .put("name", budget.take(function.path("name").asText()))
                .set("arguments", value(budget.take(function.path("arguments").asText())));
    }

    private static ObjectNode part(String type, ArrayNode parts, ContentBudget budget) {
        budget.take(PART);
        return parts.addObject().put("type", type);
    }

    /** What a tool answered, which may come in pieces. */
    private static String joined(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        var text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }

    /** The convention has values here, where OpenAI has their text. */
    private static JsonNode value(String json) {
        try {
            var value = Json.parse(json);
            return value.isObject() ? value : Json.object().textNode(json);
        } catch (JsonProcessingException e) {
            return Json.object().textNode(json); // the model, or the budget, has cut it
        }
    }
}
