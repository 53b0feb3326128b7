// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Jan's plugins have in common: they work in the access phase, and a request that must fail is
 * answered in one place, as OpenAI clients expect it. What else goes wrong in a plugin is answered
 * by the plugin server; the request does not go on to the service either.
 */
public abstract class JanPlugin implements Plugin {
    private final String name;
    private final Tracing tracing;

    /**
     * @param name as Kong knows it
     */
    protected JanPlugin(String name, Tracing tracing) {
        this.name = name;
        this.tracing = tracing;
    }

    /**
     * The plugin's work.
     *
     * @throws ApiProblem if the request must fail
     */
    protected abstract void access(Kong kong, Event event);

    @Override
    public final void access(Kong kong) {
        var event = new Event(name, kong, tracing);
        try {
            access(kong, event);
        } catch (ApiProblem problem) {
            event.answered(problem.status());
            throw answer(kong, problem, event.requestId());
        } catch (RuntimeException e) {
            event.failed(e);
            throw e;
        } finally {
            event.end();
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
