// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a chat message must have, so that it can be kept in a conversation and sent again with every
 * later turn. Kinds of content that are not known here are the model server's to judge.
 */
final class MessageRules {
    private static final Set<String> ROLES =
            new TreeSet<>(Set.of("assistant", "developer", "function", "system", "tool", "user"));

    /** What an assistant's message may have instead of content; the last two are vLLM's own. */
    private static final List<String> SAID_OTHERWISE =
            List.of(
                    "tool_calls",
                    "function_call",
                    "refusal",
                    "audio",
                    "reasoning",
                    "reasoning_content");

    private MessageRules() {}

    /**
     * @param path of the message, such as {@code messages[0]}
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with it
     */
    static void check(JsonNode message, String path) {
        var fields = Fields.of(message, path);
        fields.required("role");
        var role = fields.oneOf("role", ROLES).orElseThrow();
        if (!role.equals("assistant")
                || SAID_OTHERWISE.stream().noneMatch(name -> fields.value(name).isPresent())) {
            fields.required("content");
        }
        if (role.equals("tool")) {
            fields.requiredText("tool_call_id");
        }
        if (role.equals("function")) {
            fields.requiredText("name");
        }
        fields.text("name");
        fields.value("content").ifPresent(content -> checkContent(content, fields.path("content")));
        fields.array("tool_calls")
                .ifPresent(calls -> checkToolCalls(calls, fields.path("tool_calls")));
    }

    private static void checkContent(JsonNode content, String path) {
        if (content.isTextual()) {
            return;
        }
        if (!content.isArray()) {
            throw Invalid.type(path, "a string or an array", content);
        }
        if (content.isEmpty()) {
            throw Invalid.emptyArray(path);
        }
        for (int i = 0; i < content.size(); i++) {
            checkPart(Fields.of(content.get(i), path + "[" + i + "]"));
        }
    }

    private static void checkPart(Fields part) {
        switch (part.requiredText("type")) {
            case "text" -> part.requiredText("text");
            case "refusal" -> part.requiredText("refusal");
            case "image_url" -> {
                // model servers also take the address alone
                if (!part.required("image_url").isTextual()) {
                    part.requiredObject("image_url").requiredText("url");
                }
            }
            default -> {
                // the model server's to judge
            }
        }
    }

    private static void checkToolCalls(ArrayNode calls, String path) {
        if (calls.isEmpty()) {
            throw Invalid.emptyArray(path);
        }
        for (int i = 0; i < calls.size(); i++) {
            var call = Fields.of(calls.get(i), path + "[" + i + "]");
            call.requiredText("id");
            if (call.text("type").orElse("function").equals("function")) {
                var function = Fields.of(call.required("function"), call.path("function"));
                function.requiredText("name");
            }
        }
    }
}
