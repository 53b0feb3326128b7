// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.kit.json.Json;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks items that a client sends and brings them into the stored form (contract 6.3, 6.4). Types
 * that are not known here are kept as they are.
 */
public final class ItemReader {
    private static final int MAX_ITEMS = 20;
    private static final int MAX_TEXT = 10_485_760;
    private static final int MAX_CALL_ID = 64;
    private static final Set<String> ROLES =
            new TreeSet<>(
                    Set.of(
                            "assistant",
                            "critic",
                            "developer",
                            "discriminator",
                            "system",
                            "tool",
                            "unknown",
                            "user"));
    private static final Set<String> STATUSES =
            new TreeSet<>(Set.of("completed", "in_progress", "incomplete"));

    /** Types whose ids OpenAI wants to begin in their own way. */
    private static final Set<String> OWN_PREFIX = Set.of("message", "function_call");

    /** A name is what a message of a chat may have, a phase what OpenAI's newest models add. */
    private static final Set<String> OF_A_MESSAGE =
            Set.of("id", "type", "role", "status", "content", "name", "phase");

    private static final Set<String> OUTPUT_PARTS = new TreeSet<>(Set.of("output_text", "refusal"));
    private static final Set<String> INPUT_PARTS =
            new TreeSet<>(
                    Set.of(
                            "computer_screenshot",
                            "input_audio",
                            "input_file",
                            "input_image",
                            "input_text",
                            "reasoning_text",
                            "summary_text",
                            "text"));

    private ItemReader() {}

    static List<NewItem> read(ArrayNode items) {
        if (items.size() > MAX_ITEMS) {
            throw Invalid.tooMany("items", MAX_ITEMS, items.size());
        }
        return read(items, "items");
    }

    /**
     * The items of a request.
     *
     * @param path of the array, such as {@code input}
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with one of them
     */
    public static List<NewItem> read(ArrayNode items, String path) {
        var read = new ArrayList<NewItem>();
        for (int i = 0; i < items.size(); i++) {
            read.add(item(items.get(i), path + "[" + i + "]"));
        }
        return read;
    }

    private static NewItem item(JsonNode json, String path) {
        var fields = Fields.of(json, path);
        var id = fields.text("id");
        var type = fields.text("type").orElse(json.has("role") ? "message" : "");
        if (type.isEmpty()) {
            throw Invalid.missing(fields.path("type"));
        }
        if (type.equals("item_reference")) {
            return new NewItem.Reference(fields.requiredText("id"));
        }
        id.ifPresent(given -> checkId(given, type, fields.path("id")));
        var body = ((ObjectNode) json).deepCopy();
        switch (type) {
            case "message" -> {
                fields.only(OF_A_MESSAGE);
                normaliseMessage(body, fields, path);
            }
            case "function_call" -> {
                fields.requiredText("call_id");
                fields.requiredText("name");
                fields.requiredText("arguments");
            }
            case "function_call_output" -> checkOutput(fields);
            default -> {
                return newItem(Item.verbatim(type, body), id);
            }
        }
        var status = fields.oneOf("status", STATUSES).orElse("completed");
        return newItem(Item.of(type, status, body), id);
    }

    private static NewItem newItem(Item item, Optional<String> id) {
        id.ifPresent(given -> item.body().put("id", given));
        return id.isPresent() ? new NewItem.Named(item) : new NewItem.Created(item);
    }

    private static void checkId(String id, String type, String path) {
        var prefix = Ids.prefix(type);
        if (OWN_PREFIX.contains(type) && !id.startsWith(prefix)) {
            throw Invalid.value(path, "an ID that begins with '" + prefix + "'");
        }
        if (!Ids.isWellFormed(id)) {
            throw Invalid.value(path, "an ID of letters, digits, _ and -");
        }
    }

    private static void normaliseMessage(ObjectNode body, Fields fields, String path) {
        fields.required("role");
        var role = fields.oneOf("role", ROLES).orElseThrow();
        var partType = role.equals("assistant") ? "output_text" : "input_text";
        var content = fields.required("content");
        if (content.isTextual()) {
            checkLength(content.textValue(), fields.path("content"));
            var part = Json.object().put("type", partType).put("text", content.textValue());
            body.putArray("content").add(completed(part));
            return;
        }
        var parts = fields.array("content").orElseThrow();
        var normalised = Json.array();
        for (int i = 0; i < parts.size(); i++) {
            var partPath = path + ".content[" + i + "]";
            normalised.add(part(parts.get(i), role, partPath));
        }
        body.set("content", normalised);
    }

    private static ObjectNode part(JsonNode json, String role, String path) {
        var fields = Fields.of(json, path);
        var allowed = role.equals("assistant") ? OUTPUT_PARTS : INPUT_PARTS;
        fields.required("type");
        var type = fields.oneOf("type", allowed).orElseThrow();
        if (type.endsWith("text")) {
            fields.required("text");
        } else if (type.equals("refusal")) {
            fields.required("refusal");
        }
        fields.text("text").ifPresent(text -> checkLength(text, fields.path("text")));
        return completed(((ObjectNode) json).deepCopy());
    }

    /** An output text always has its three members. */
    private static ObjectNode completed(ObjectNode part) {
        if (part.path("type").asText().equals("output_text")) {
            for (var list : List.of("annotations", "logprobs")) {
                if (!part.path(list).isArray()) {
                    part.putArray(list);
                }
            }
        }
        return part;
    }

    private static void checkOutput(Fields fields) {
        var callId = fields.requiredText("call_id");
        if (callId.isEmpty()) {
            throw Invalid.emptyText(fields.path("call_id"));
        }
        if (callId.length() > MAX_CALL_ID) {
            throw Invalid.tooLong(fields.path("call_id"), MAX_CALL_ID, callId.length());
        }
        var output = fields.required("output");
        if (output.isTextual()) {
            checkLength(output.textValue(), fields.path("output"));
        } else if (!output.isArray()) {
            throw Invalid.type(fields.path("output"), "a string or an array", output);
        }
    }

    private static void checkLength(String text, String path) {
        if (text.length() > MAX_TEXT) {
            throw Invalid.tooLong(path, MAX_TEXT, text.length());
        }
    }
}
