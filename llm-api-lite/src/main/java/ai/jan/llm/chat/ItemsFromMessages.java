// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.json.Json;
import ai.jan.llm.conversation.Item;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Turns chat messages into the items of a conversation; the reverse of {@link History}. */
final class ItemsFromMessages {
    private ItemsFromMessages() {}

    static List<Item> of(List<ObjectNode> messages) {
        var items = new ArrayList<Item>();
        messages.forEach(message -> items.addAll(of(message, "completed")));
        return items;
    }

    /**
     * A message's items: one for its content, one for each of its tool calls.
     *
     * @param status {@code completed} or {@code incomplete}
     */
    static List<Item> of(ObjectNode message, String status) {
        var role = message.path("role").asText();
        if (role.equals("tool")) {
            return List.of(toolOutput(message, status));
        }
        var items = new ArrayList<Item>();
        var content = Json.array();
        for (var part : parts(message.path("content"), role)) {
            content.add(part);
        }
        if (message.path("refusal").isTextual()) {
            content.add(
                    Json.object()
                            .put("type", "refusal")
                            .put("refusal", message.path("refusal").textValue()));
        }
        var calls = message.path("tool_calls");
        if (!content.isEmpty() || calls.isEmpty()) {
            var body = Json.object().put("role", role);
            body.set("content", content);
            if (message.has("name")) {
                body.set("name", message.path("name"));
            }
            items.add(Item.of("message", status, body));
        }
        calls.forEach(call -> items.add(functionCall(call, status)));
        return items;
    }

    private static Item toolOutput(ObjectNode message, String status) {
        var body = Json.object();
        body.set("call_id", message.path("tool_call_id"));
        body.set("output", message.path("content"));
        return Item.of("function_call_output", status, body);
    }

    private static Item functionCall(JsonNode call, String status) {
        var function = call.path("function");
        return Item.of(
                "function_call",
                status,
                Json.object()
                        .put("call_id", call.path("id").asText(""))
                        .put("name", function.path("name").asText())
                        .put("arguments", function.path("arguments").asText("")));
    }

    private static List<ObjectNode> parts(JsonNode content, String role) {
        if (content.isTextual()) {
            return List.of(text(content.textValue(), role));
        }
        var parts = new ArrayList<ObjectNode>();
        content.forEach(part -> parts.add(part(part, role)));
        return parts;
    }

    private static ObjectNode text(String text, String role) {
        var part = Json.object();
        if (!role.equals("assistant")) {
            return part.put("type", "input_text").put("text", text);
        }
        part.put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    private static ObjectNode part(JsonNode part, String role) {
        return switch (part.path("type").asText()) {
            case "text" -> text(part.path("text").asText(""), role);
            case "image_url" -> image(part.path("image_url"));
            case "file" -> {
                var file = Json.object().put("type", "input_file");
                part.path("file").properties().forEach(m -> file.set(m.getKey(), m.getValue()));
                yield file;
            }
            default -> part.isObject() ? (ObjectNode) part : Json.object();
        };
    }

    /** Model servers also take the address alone. */
    private static ObjectNode image(JsonNode image) {
        return Json.object()
                .put("type", "input_image")
                .put("image_url", image.isTextual() ? image.asText() : image.path("url").asText(""))
                .put("detail", image.path("detail").asText("auto"));
    }
}
