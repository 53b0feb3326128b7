// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.problem;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that must fail, with everything its client is told: HTTP status, and OpenAI's error
 * object of type, code, param and message. Thrown anywhere below a route and rendered in one place.
 * The message is for the client: it never carries a cause's text, a credential or a prompt.
 */
public final class ApiProblem extends RuntimeException {
    public static final String INVALID_REQUEST = "invalid_request_error";
    public static final String SERVER_ERROR = "server_error";

    private final int status;
    private final String type;
    private final @Nullable String code;
    private final @Nullable String param;
    private final Map<String, String> headers = new LinkedHashMap<>();

    public ApiProblem(
            int status,
            String type,
            @Nullable String code,
            @Nullable String param,
            String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
    }

    /** 400: the request itself is at fault. */
    public static ApiProblem badRequest(
            @Nullable String code, @Nullable String param, String message) {
        return new ApiProblem(400, INVALID_REQUEST, code, param, message);
    }

    /** 401: no acceptable proof of identity. */
    public static ApiProblem unauthorized(@Nullable String code, String message) {
        return new ApiProblem(401, INVALID_REQUEST, code, null, message);
    }

    /** 404: unknown, deleted, or somebody else's: the three look alike. */
    public static ApiProblem notFound(
            @Nullable String code, @Nullable String param, String message) {
        return new ApiProblem(404, INVALID_REQUEST, code, param, message);
    }

    /** 503: something this answer needs is out of order; trying again later may help. */
    public static ApiProblem unavailable(@Nullable String code, String message) {
        return new ApiProblem(503, SERVER_ERROR, code, null, message);
    }

    /** 500: a fault of ours; the message tells the client nothing about it. */
    public static ApiProblem internal() {
        return new ApiProblem(
                500,
                SERVER_ERROR,
                null,
                null,
                "The server had an error while processing your request.");
    }

    /** Adds a header to the answer, such as {@code Retry-After}. */
    public ApiProblem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Keeps the cause for the log; the client never sees it. */
    public ApiProblem because(Throwable cause) {
        initCause(cause);
        return this;
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public @Nullable String code() {
        return code;
    }

    public @Nullable String param() {
        return param;
    }

    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /** {@code {"error":{"message","type","param","code"}}}, all four keys always present. */
    public ObjectNode toJson() {
        var body = Json.object();
        body.putObject("error")
                .put("message", getMessage())
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return body;
    }
}
