// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.json.Json;
import ai.jan.llm.conversation.Item;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was said before, as messages for the model: texts, images, tool calls and their results.
 * Items that chat completions cannot express, such as reasoning, are left out.
 */
public final class History {
    private static final int BYTES_PER_TOKEN = 4;
    private static final int BYTES_PER_TOKEN_AT_LEAST = 3;
    private static final int TOKENS_OF_AN_IMAGE = 1000;
    private static final long MAX_TOKENS = 2_000_000;

    private History() {}

    /**
     * What is left of items whose beginning is missing: from a user's message on, so that no tool
     * result is without its call.
     */
    public static List<Item> fromAQuestion(List<Item> items) {
        return items.stream()
                .dropWhile(item -> !item.body().path("role").asText().equals("user"))
                .toList();
    }

    public static List<ObjectNode> messages(List<Item> items) {
        var messages = new ArrayList<ObjectNode>();
        for (var item : items) {
            var body = item.body();
            switch (item.type()) {
                case "message" -> messages.add(message(body));
                case "function_call" -> toolCalls(messages).add(toolCall(body));
                case "function_call_output" -> messages.add(toolResult(body));
                default -> {
                    // has no place in a chat
                }
            }
        }
        return messages;
    }

    /**
     * Leaves out the oldest messages so that the rest fits. Begins with a user's message, so that
     * no tool result is without its call.
     *
     * @param context of the model in tokens; a rough estimate decides, the model has the last word
     */
    public static List<ObjectNode> trimmed(List<ObjectNode> messages, OptionalInt context) {
        long room = context.isPresent() ? context.getAsInt() : MAX_TOKENS;
        int start = messages.size();
        while (start > 0 && (room -= tokens(messages.get(start - 1))) >= 0) {
            start--;
        }
        if (start == 0) {
            return messages;
        }
        while (start < messages.size()
                && !messages.get(start).path("role").asText().equals("user")) {
            start++;
        }
        return messages.subList(start, messages.size());
    }

    /** What this adds to a prompt, estimated from above. */
    public static long tokensAtMost(Optional<String> instruction, List<ObjectNode> messages) {
        long tokens = instruction.map(text -> atMost(Json.bytes(text))).orElse(0L);
        for (var message : messages) {
            tokens += images(message) > 0 ? tokens(message) : atMost(Json.bytes(message));
        }
        return tokens;
    }

    private static long atMost(byte[] text) {
        return Math.ceilDiv(text.length, BYTES_PER_TOKEN_AT_LEAST);
    }

    private static long images(JsonNode message) {
        return message.path("content")
                .valueStream()
                .filter(part -> part.path("type").asText().equals("image_url"))
                .count();
    }

    /** A rough estimate of how many tokens messages are. */
    public static long tokens(List<ObjectNode> messages) {
        return messages.stream().mapToLong(History::tokens).sum();
    }

    private static long tokens(JsonNode message) {
        long images = images(message);
        return images > 0
                ? images * TOKENS_OF_AN_IMAGE
                : Json.bytes(message).length / BYTES_PER_TOKEN + 1;
    }

    private static ObjectNode message(ObjectNode item) {
        var message = Json.object().put("role", item.path("role").asText());
        if (item.has("name")) {
            message.set("name", item.path("name"));
        }
        var parts = item.path("content");
        var texts = parts.valueStream().filter(History::isText).toList();
        if (texts.size() == parts.size() && (parts.size() <= 1 || isAssistant(item))) {
            var text = new StringBuilder();
            texts.forEach(part -> text.append(part.path("text").asText()));
            return message.put("content", text.toString());
        }
        var content = message.putArray("content");
        parts.forEach(part -> content.add(part(part)));
        return message;
    }

    private static boolean isAssistant(ObjectNode item) {
        return item.path("role").asText().equals("assistant");
    }

    private static boolean isText(JsonNode part) {
        return part.path("type").asText().endsWith("text");
    }

    private static ObjectNode part(JsonNode part) {
        if (isText(part)) {
            return Json.object().put("type", "text").put("text", part.path("text").asText());
        }
        return switch (part.path("type").asText()) {
            case "input_image" -> {
                var image = Json.object().put("type", "image_url");
                image.putObject("image_url")
                        .put("url", part.path("image_url").asText())
                        .put("detail", part.path("detail").asText("auto"));
                yield image;
            }
            case "input_file" -> {
                var file = Json.object().put("type", "file");
                var members = ((ObjectNode) part).deepCopy();
                members.remove("type");
                file.set("file", members);
                yield file;
            }
            default -> ((ObjectNode) part).deepCopy();
        };
    }

    /** The tool calls of the assistant's message at the end; begins one if there is none. */
    private static ArrayNode toolCalls(List<ObjectNode> messages) {
        if (messages.isEmpty() || !messages.getLast().path("role").asText().equals("assistant")) {
            messages.add(Json.object().put("role", "assistant").putNull("content"));
        }
        return messages.getLast().withArray("tool_calls");
    }

    private static ObjectNode toolCall(ObjectNode item) {
        var call = Json.object().put("id", item.path("call_id").asText()).put("type", "function");
        call.putObject("function")
                .put("name", item.path("name").asText())
                .put("arguments", item.path("arguments").asText());
        return call;
    }

    private static ObjectNode toolResult(ObjectNode item) {
        var output = item.path("output");
        var message =
                Json.object()
                        .put("role", "tool")
                        .put("tool_call_id", item.path("call_id").asText());
        if (output.isTextual()) {
            return message.put("content", output.textValue());
        }
        var content = message.putArray("content");
        output.forEach(part -> content.add(part(part)));
        return message;
    }
}
