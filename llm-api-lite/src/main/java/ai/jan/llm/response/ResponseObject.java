// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.objects.Ids;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response as it goes over the wire (contract 7.3): the settings of its request, all members
 * present, and how far it has come.
 */
final class ResponseObject {
    private final ResponseRequest request;
    private final String model;
    private final String id = Ids.response();
    private final Instant created = Instant.now();

    /**
     * @param model the name it was asked for by
     */
    ResponseObject(ResponseRequest request, String model) {
        this.request = request;
        this.model = model;
    }

    String id() {
        return id;
    }

    ObjectNode inProgress() {
        return at("in_progress", List.of(), null);
    }

    /**
     * @param output what came of it, complete or cut short
     */
    ObjectNode ended(ResponseOutput output) {
        var reason = output.incompleteReason();
        var usage = output.usage().isObject() ? Usage.of(output.usage()) : null;
        var json = at(reason == null ? "completed" : "incomplete", output.items(), usage);
        if (reason != null) {
            json.putObject("incomplete_details").put("reason", reason);
        }
        return json;
    }

    /** The client left before the answer was complete. */
    ObjectNode cancelled(List<ObjectNode> output) {
        return at("cancelled", output, null);
    }

    ObjectNode failed(ApiProblem problem, List<ObjectNode> output) {
        var json = at("failed", output, null);
        json.putObject("error").put("code", code(problem)).put("message", problem.getMessage());
        return json;
    }

    /** One of the codes that typed clients know. */
    private static String code(ApiProblem problem) {
        return switch (problem.status()) {
            case 429 -> "rate_limit_exceeded";
            case 400, 413, 422 -> "invalid_prompt";
            default -> "server_error";
        };
    }

    private ObjectNode at(String status, List<ObjectNode> output, @Nullable ObjectNode usage) {
        boolean running = status.equals("in_progress");
        var json = Json.object().put("id", id).put("object", "response");
        json.put("created_at", created.getEpochSecond());
        json.put("status", status).put("background", false);
        if (status.equals("completed")) {
            json.put("completed_at", Instant.now().getEpochSecond());
        } else {
            json.putNull("completed_at");
        }
        json.putNull("error").putNull("incomplete_details");
        for (var name : List.of("instructions", "max_output_tokens", "max_tool_calls")) {
            json.set(name, setting(name, Json.object().nullNode()));
        }
        json.put("model", model);
        json.putArray("output").addAll(output);
        json.set("parallel_tool_calls", setting("parallel_tool_calls", yes()));
        json.put("previous_response_id", request.previous().orElse(null));
        for (var name : List.of("prompt_cache_key", "prompt_cache_retention")) {
            json.set(name, setting(name, Json.object().nullNode()));
        }
        var reasoning = json.putObject("reasoning").putNull("effort").putNull("summary");
        if (setting("reasoning", Json.object()) instanceof ObjectNode wanted) {
            reasoning.setAll(wanted);
        }
        json.put("frequency_penalty", 0.0).put("presence_penalty", 0.0);
        json.set("safety_identifier", setting("safety_identifier", Json.object().nullNode()));
        json.put("service_tier", running ? "auto" : "default").put("store", request.store());
        json.set("temperature", setting("temperature", number(1)));
        json.set("text", text());
        json.set("tool_choice", setting("tool_choice", Json.object().textNode("auto")));
        json.set("tools", setting("tools", Json.array()));
        json.set("top_logprobs", setting("top_logprobs", Json.object().numberNode(0)));
        json.set("top_p", setting("top_p", number(1)));
        json.set("truncation", setting("truncation", Json.object().textNode("disabled")));
        json.set("usage", usage);
        json.set("user", setting("user", Json.object().nullNode()));
        json.set("metadata", request.metadata());
        request.conversation().ifPresent(name -> json.putObject("conversation").put("id", name));
        return json;
    }

    private ObjectNode text() {
        var text = Json.object();
        text.putObject("format").put("type", "text");
        text.put("verbosity", "medium");
        if (setting("text", Json.object()) instanceof ObjectNode wanted) {
            text.setAll(wanted);
        }
        return text;
    }

    private JsonNode setting(String name, JsonNode otherwise) {
        return request.settings().has(name) ? request.settings().path(name) : otherwise;
    }

    private static JsonNode number(double value) {
        return Json.object().numberNode(value);
    }

    private static JsonNode yes() {
        return Json.object().booleanNode(true);
    }
}
