// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.json.Json;
import ai.jan.llm.chat.Instructions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request for a response as the request for a chat completion that a model server understands.
 */
final class ChatBody {
    /** What only has another name there, or not even that. */
    private static final Map<String, String> RENAMED =
            Map.of(
                    "max_output_tokens", "max_completion_tokens",
                    "temperature", "temperature",
                    "top_p", "top_p");

    private ChatBody() {}

    /**
     * @param upstreamModel what the model is called there
     * @param messages all that the model is to read
     */
    static ObjectNode of(ResponseRequest request, String upstreamModel, List<ObjectNode> messages) {
        var settings = request.settings();
        var body = Json.object().put("model", upstreamModel);
        body.putArray("messages").addAll(messages);
        if (request.stream()) {
            body.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        for (var name : RENAMED.entrySet()) {
            set(body, name.getValue(), settings.path(name.getKey()));
        }
        FunctionTools.forChat(settings.path("tools"))
                .ifPresent(tools -> {
                    body.set("tools", tools);
                    set(
                            body,
                            "tool_choice",
                            FunctionTools.choiceForChat(settings.path("tool_choice")));
                    set(body, "parallel_tool_calls", settings.path("parallel_tool_calls"));
                });
        TextFormat.forChat(settings.path("text"))
                .ifPresent(format -> body.set("response_format", format));
        set(body, "verbosity", settings.at("/text/verbosity"));
        set(body, "reasoning_effort", settings.at("/reasoning/effort"));
        if (wantsLogprobs(settings)) {
            body.put("logprobs", true);
            set(body, "top_logprobs", settings.path("top_logprobs"));
        }
        return body;
    }

    /**
     * All that the model is to read: instructions first and in one message, because many chat
     * templates take one system message, and only at the front.
     *
     * @param projectInstruction of the project that the conversation belongs to
     */
    static List<ObjectNode> messages(
            ResponseRequest request,
            Optional<String> projectInstruction,
            List<ObjectNode> history,
            List<ObjectNode> input) {
        var said = new ArrayList<ObjectNode>();
        history.forEach(message -> said.add(asSystem(message)));
        input.forEach(message -> said.add(asSystem(message)));
        var own = request.settings().path("instructions").asText("");
        if (!own.isBlank()) {
            Instructions.putFirst(said, own);
        }
        projectInstruction.ifPresent(text -> Instructions.putFirst(said, text));
        return said;
    }

    /** Few chat templates know the role developer. */
    private static ObjectNode asSystem(ObjectNode message) {
        return message.path("role").asText().equals("developer")
                ? message.deepCopy().put("role", "system")
                : message;
    }

    private static boolean wantsLogprobs(ObjectNode settings) {
        return settings.path("top_logprobs").asInt(0) > 0
                || settings.path("include")
                        .valueStream()
                        .anyMatch(value -> value.asText().equals("message.output_text.logprobs"));
    }

    private static void set(ObjectNode body, String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            body.set(name, value);
        }
    }
}
