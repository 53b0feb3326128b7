// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A model server's error as the client is told it. What is the client's to correct is passed on in
 * OpenAI's shape (vLLM's {@code code} is a number, which typed clients refuse); what is ours or the
 * server's own affair, such as a wrong key for it, is not.
 */
public final class Refusals {
    private static final int MAX_MESSAGE = 2000;

    private Refusals() {}

    /** For an error that came as an answer. */
    static ApiProblem of(int status, byte[] body, @Nullable String retryAfter) {
        var problem = of(status, error(body));
        if (retryAfter != null && (status == 429 || status == 503)) {
            problem.header("Retry-After", retryAfter);
        }
        return problem;
    }

    /** For an error that came within a stream, which may say its status as its code. */
    public static ApiProblem of(JsonNode error) {
        int code = error.path("code").asInt(0);
        return of(code >= 400 && code < 600 ? code : 500, error);
    }

    private static ApiProblem of(int status, JsonNode error) {
        return switch (status) {
            case 400, 413, 422 -> clientFault(status, error);
            case 404 ->
                    new ApiProblem(
                            503,
                            ApiProblem.SERVER_ERROR,
                            null,
                            null,
                            "The model server does not serve this model.");
            case 429 ->
                    new ApiProblem(
                            429,
                            "requests",
                            "rate_limit_exceeded",
                            null,
                            "Rate limit reached for the model server. Please try again later.");
            case 503 -> ApiProblem.unavailable(null, "The model server is overloaded.");
            default ->
                    new ApiProblem(
                            502, ApiProblem.SERVER_ERROR, null, null, "The model server failed.");
        };
    }

    private static ApiProblem clientFault(int status, JsonNode error) {
        var message = error.path("message").asText("The model server refused the request.");
        var code = error.path("code").isTextual() ? error.path("code").textValue() : null;
        var param = error.path("param").isTextual() ? error.path("param").textValue() : null;
        if (message.contains("maximum context length")) {
            code = "context_length_exceeded";
            param = "messages";
        }
        return new ApiProblem(
                status,
                ApiProblem.INVALID_REQUEST,
                code,
                param,
                message.substring(0, Math.min(MAX_MESSAGE, message.length())));
    }

    /** OpenAI nests the error, older vLLM does not. */
    private static JsonNode error(byte[] body) {
        try {
            var json = Json.parse(body);
            return json.path("error").isObject() ? json.path("error") : json;
        } catch (JsonProcessingException e) {
            return Json.object();
        }
    }
}
