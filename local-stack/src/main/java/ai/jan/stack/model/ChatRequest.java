// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The part of a chat completion request that this server understands; what would change the answer
 * but is not understood is refused.
 *
 * @param includeUsage whether a stream ends with the number of tokens
 */
record ChatRequest(
        String model,
        List<Message> messages,
        Engine.Sampling sampling,
        List<String> stop,
        boolean stream,
        boolean includeUsage) {
    private static final int MAX_STOPS = 4;
    private static final List<String> ROLES =
            List.of("system", "developer", "user", "assistant", "tool");

    static ChatRequest of(ObjectNode body) {
        refuse(body);
        var model = body.path("model").asText("");
        if (model.isEmpty()) {
            throw ApiProblem.badRequest(null, null, "you must provide a model parameter");
        }
        return new ChatRequest(
                model,
                messages(body.path("messages")),
                sampling(body),
                stops(body.path("stop")),
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false));
    }

    private static void refuse(ObjectNode body) {
        if (body.path("n").asInt(1) != 1) {
            throw unsupported("n", "only one choice");
        }
        if (body.path("logprobs").asBoolean(false)) {
            throw unsupported("logprobs", "no log probabilities");
        }
        var format = body.path("response_format").path("type").asText("text");
        if (!format.equals("text")) {
            throw unsupported("response_format", "only text");
        }
        var tools = body.path("tool_choice");
        if (tools.isObject() || tools.asText("").equals("required")) {
            throw unsupported("tool_choice", "no tool calls");
        }
    }

    private static Engine.Sampling sampling(ObjectNode body) {
        var limit = number(body, "max_completion_tokens", 1, Integer.MAX_VALUE);
        return new Engine.Sampling(
                limit.or(() -> number(body, "max_tokens", 1, Integer.MAX_VALUE))
                        .map(Double::intValue),
                number(body, "temperature", 0, 2),
                number(body, "top_p", 0, 1),
                number(body, "frequency_penalty", -2, 2),
                number(body, "presence_penalty", -2, 2),
                number(body, "seed", Integer.MIN_VALUE, Integer.MAX_VALUE).map(Double::intValue));
    }

    private static Optional<Double> number(ObjectNode body, String name, double min, double max) {
        var value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw ApiProblem.badRequest(
                    "invalid_type", name, "Invalid type for '" + name + "': expected a number.");
        }
        double number = value.asDouble();
        if (number < min || number > max) {
            throw ApiProblem.badRequest(
                    number < min ? "decimal_below_min_value" : "decimal_above_max_value",
                    name,
                    "Invalid value for '" + name + "': expected " + min + " to " + max + ".");
        }
        return Optional.of(number);
    }

    private static List<Message> messages(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            throw ApiProblem.badRequest(
                    "missing_required_parameter",
                    "messages",
                    "Missing required parameter: 'messages'.");
        }
        var messages = new ArrayList<Message>();
        for (int i = 0; i < list.size(); i++) {
            var role = list.path(i).path("role").asText("");
            if (!ROLES.contains(role)) {
                throw ApiProblem.badRequest(
                        "invalid_value",
                        "messages[" + i + "].role",
                        "Invalid value: expected one of " + String.join(", ", ROLES) + ".");
            }
            messages.add(
                    new Message(
                            role.equals("developer") ? "system" : role,
                            text(list.path(i).path("content"), i)));
        }
        return messages;
    }

    private static String text(JsonNode content, int index) {
        if (content.isTextual()) {
            return content.asText();
        }
        var text = new StringBuilder();
        for (var part : content) {
            if (!part.path("type").asText().equals("text")) {
                throw ApiProblem.badRequest(
                        "invalid_value",
                        "messages[" + index + "].content",
                        "This model understands text only.");
            }
            text.append(part.path("text").asText());
        }
        return text.toString();
    }

    private static List<String> stops(JsonNode stop) {
        var stops = new ArrayList<String>();
        if (stop.isTextual()) {
            stops.add(stop.asText());
        }
        stop.forEach(each -> stops.add(each.asText()));
        stops.removeIf(String::isEmpty);
        if (stops.size() > MAX_STOPS) {
            throw ApiProblem.badRequest(
                    "array_above_max_length", "stop", "Expected at most 4 stop strings.");
        }
        return stops;
    }

    private static ApiProblem unsupported(String parameter, String offered) {
        return ApiProblem.badRequest(
                "unsupported_value", parameter, "This local model server offers " + offered + ".");
    }
}
