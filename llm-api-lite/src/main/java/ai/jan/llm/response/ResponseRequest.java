// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.conversation.ItemReader;
import ai.jan.llm.conversation.NewItem;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.Metadata;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A checked request for a response. Faults are reported in OpenAI's order (contract 4.3).
 *
 * @param settings the request's body, in which null members are absent
 * @param input what is said now; may be empty if something was said before
 */
record ResponseRequest(
        ObjectNode settings,
        String model,
        List<NewItem> input,
        Optional<String> previous,
        Optional<String> conversation,
        ObjectNode metadata,
        boolean store,
        boolean stream) {

    /**
     * @throws ApiProblem 400 if something is wrong with it
     */
    static ResponseRequest read(ObjectNode body) {
        var fields = Fields.of(body);
        var model = fields.text("model").orElse("");
        if (model.isBlank()) {
            throw ApiProblem.badRequest(
                    fields.value("model").isPresent() ? "model_not_found" : null,
                    null,
                    "You must provide a model parameter.");
        }
        boolean continues = isText(body, "previous_response_id") || body.hasNonNull("conversation");
        if (isAbsent(body.path("input")) && !continues && !body.has("messages")) {
            throw ApiProblem.badRequest(
                    "missing_required_parameter",
                    null,
                    "Missing required parameter: one of 'input', 'previous_response_id' or 'conversation'.");
        }
        RequestRules.checkNames(fields);
        var input = input(body.path("input"));
        FunctionTools.check(fields);
        var metadata = Metadata.of(body).orElseGet(Json::object);
        TextFormat.check(fields);
        RequestRules.checkSettings(fields);
        var previous = fields.text("previous_response_id");
        var conversation = fields.value("conversation").map(ResponseRequest::conversation);
        if (previous.isPresent() && conversation.isPresent()) {
            throw ApiProblem.badRequest(
                    "mutually_exclusive_parameters",
                    null,
                    "'previous_response_id' and 'conversation' cannot be used together.");
        }
        if (fields.value("prompt").isPresent()) {
            var id = Fields.of(fields.required("prompt"), "prompt").requiredText("id");
            throw ApiProblem.notFound(null, null, "Prompt with id '" + id + "' not found.");
        }
        return new ResponseRequest(
                withoutNulls(body),
                model,
                input,
                previous,
                conversation,
                metadata,
                fields.optionalFlag("store").orElse(true),
                fields.flag("stream"));
    }

    /** A member that is a text. */
    Optional<String> text(String name) {
        return Optional.ofNullable(settings.path(name).textValue());
    }

    /** Whether the oldest of what was said before may be left out if it does not fit. */
    boolean truncates() {
        return settings.path("truncation").asText().equals("auto");
    }

    private static boolean isAbsent(JsonNode input) {
        return input.isNull()
                || input.isMissingNode()
                || (input.isTextual() && input.textValue().isEmpty())
                || (input.isArray() && input.isEmpty());
    }

    private static boolean isText(ObjectNode body, String name) {
        return !body.path(name).asText("").isEmpty();
    }

    private static List<NewItem> input(JsonNode input) {
        if (isAbsent(input)) {
            return List.of();
        }
        if (input.isTextual()) {
            var message = Json.array();
            message.addObject().put("role", "user").set("content", input);
            return ItemReader.read(message, "input");
        }
        if (input instanceof ArrayNode items) {
            return ItemReader.read(items, "input");
        }
        throw Invalid.type("input", "a string or an array", input);
    }

    private static String conversation(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (!value.isObject()) {
            throw Invalid.type("conversation", "a string or an object", value);
        }
        return Fields.of(value, "conversation").requiredText("id");
    }

    private static ObjectNode withoutNulls(ObjectNode body) {
        var settings = Json.object();
        body.properties()
                .forEach(member -> {
                    if (!member.getValue().isNull()) {
                        settings.set(member.getKey(), member.getValue());
                    }
                });
        return settings;
    }
}
