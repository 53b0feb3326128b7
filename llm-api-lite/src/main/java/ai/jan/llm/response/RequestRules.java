// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.ServiceRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which members a request for a response may have, and what they may say (contract 4.3, 4.4, 7.2).
 * Unlike a chat, which is handed on as it is, a response is translated: what is not known here
 * would be lost silently, and is refused instead.
 */
final class RequestRules {
    private static final int LEAST_OUTPUT = 16;
    private static final int MAX_TOP_LOGPROBS = 20;

    private static final Set<String> KNOWN =
            Set.of(
                    "background",
                    "context_management",
                    "conversation",
                    "include",
                    "input",
                    "instructions",
                    "max_output_tokens",
                    "max_tool_calls",
                    "metadata",
                    "model",
                    "moderation",
                    "parallel_tool_calls",
                    "previous_response_id",
                    "prompt",
                    "prompt_cache_key",
                    "prompt_cache_retention",
                    "reasoning",
                    "safety_identifier",
                    "service_tier",
                    "store",
                    "stream",
                    "stream_options",
                    "temperature",
                    "text",
                    "tool_choice",
                    "tools",
                    "top_logprobs",
                    "top_p",
                    "truncation",
                    "user");

    /** What those who know chat completions send, and what it is called here. */
    private static final Map<String, String> OF_CHATS =
            Map.of(
                    "functions", "tools",
                    "max_completion_tokens", "max_output_tokens",
                    "max_tokens", "max_output_tokens",
                    "messages", "input",
                    "reasoning_effort", "reasoning.effort",
                    "response_format", "text.format");

    private static final Set<String> INCLUDABLE =
            new TreeSet<>(
                    Set.of(
                            "code_interpreter_call.outputs",
                            "computer_call_output.output.image_url",
                            "file_search_call.results",
                            "message.input_image.image_url",
                            "message.output_text.logprobs",
                            "reasoning.encrypted_content",
                            "web_search_call.action.sources",
                            "web_search_call.results"));

    private RequestRules() {}

    /** Refuses members that a response does not have. */
    static void checkNames(Fields fields) {
        fields.names().forEach(RequestRules::checkNotOfAChat);
        fields.only(KNOWN);
        for (var name : List.of("context_management", "moderation")) {
            if (fields.value(name).isPresent()) {
                throw ApiProblem.badRequest(
                        "unsupported_parameter",
                        name,
                        "Unsupported parameter: '%s' is not supported by this server."
                                .formatted(name));
            }
        }
    }

    private static void checkNotOfAChat(String name) {
        if (name.equals("messages")) {
            throw ApiProblem.badRequest(
                    "unsupported_parameter",
                    null,
                    "Unsupported parameter: 'messages'. In the Responses API, it is called 'input'.");
        }
        var called = OF_CHATS.get(name);
        if (called != null) {
            throw ApiProblem.badRequest(
                    "unsupported_parameter",
                    name,
                    "Unsupported parameter: '%s'. In the Responses API, it is called '%s'."
                            .formatted(name, called));
        }
    }

    /** Checks the members that are the same whatever is asked, in OpenAI's order. */
    static void checkSettings(Fields fields) {
        checkInclude(fields);
        fields.decimal("temperature", 0, 2);
        fields.decimal("top_p", 0, 1);
        checkStream(fields);
        if (fields.flag("background")) {
            throw unsupported("background", "Responses in the background are not supported.");
        }
        fields.integer("max_output_tokens", LEAST_OUTPUT, Integer.MAX_VALUE);
        fields.integer("max_tool_calls", 1, Integer.MAX_VALUE);
        fields.object("reasoning")
                .ifPresent(reasoning -> {
                    reasoning.oneOf("effort", ServiceRules.EFFORTS);
                    reasoning.oneOf("summary", List.of("auto", "concise", "detailed"));
                });
        fields.text("user");
        ServiceRules.check(fields);
        fields.oneOf("truncation", List.of("auto", "disabled"));
        fields.text("instructions");
        fields.flag("store");
        fields.integer("top_logprobs", 0, MAX_TOP_LOGPROBS);
        fields.flag("parallel_tool_calls");
    }

    static ApiProblem unsupported(String path, String message) {
        return ApiProblem.badRequest("unsupported_value", path, message);
    }

    private static void checkInclude(Fields fields) {
        fields.array("include")
                .ifPresent(values -> {
                    for (int i = 0; i < values.size(); i++) {
                        var path = "include[" + i + "]";
                        if (!values.get(i).isTextual()) {
                            throw Invalid.type(path, "a string", values.get(i));
                        }
                        if (!INCLUDABLE.contains(values.get(i).textValue())) {
                            throw Invalid.value(path, INCLUDABLE);
                        }
                    }
                });
    }

    private static void checkStream(Fields fields) {
        boolean stream = fields.flag("stream");
        fields.value("stream_options")
                .ifPresent(options -> {
                    var known = Fields.of(options, "stream_options");
                    known.only(Set.of("include_obfuscation"));
                    known.flag("include_obfuscation");
                    if (!stream) {
                        throw Invalid.value("stream_options", "it only together with stream: true");
                    }
                });
    }
}
