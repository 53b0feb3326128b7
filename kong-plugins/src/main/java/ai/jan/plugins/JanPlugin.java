// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What Jan's plugins have in common: they work in the access phase, and a request that must fail is
 * answered in one place, as OpenAI clients expect it. What else goes wrong in a plugin is answered
 * by the plugin server; the request does not go on to the service either.
 */
public abstract class JanPlugin implements Plugin {
    /**
     * The plugin's work.
     *
     * @throws ApiProblem if the request must fail
     */
    protected abstract void access(Kong kong, RequestId requestId);

    /** The gateway's id of the request; asked for together with what the plugin asks for. */
    public static final class RequestId {
        private final Answer<Optional<String>> answer;

        private RequestId(Answer<Optional<String>> answer) {
            this.answer = answer;
        }

        public String get() {
            return answer.get()
                    .filter(id -> !id.isEmpty())
                    .orElseGet(() -> UUID.randomUUID().toString());
        }
    }

    @Override
    public final void access(Kong kong) {
        var requestId = new RequestId(kong.nginx().getVar("kong_request_id"));
        try {
            access(kong, requestId);
        } catch (ApiProblem problem) {
            throw answer(kong, problem, requestId.get());
        }
    }

    /**
     * OpenAI's error object, and beside it what clients of the first Jan Server look for: {@code
     * message} and {@code request_id} at the top.
     */
    private static Error answer(Kong kong, ApiProblem problem, String requestId) {
        var body =
                problem.toJson().put("message", problem.getMessage()).put("request_id", requestId);
        Map<String, List<String>> headers = new TreeMap<>();
        headers.put("Content-Type", List.of("application/json"));
        headers.put("X-Request-Id", List.of(requestId));
        problem.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return kong.response().exit(problem.status(), Json.bytes(body), headers);
    }
}
