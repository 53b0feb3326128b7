// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.RawBody;
import ai.jan.quota.Price;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** What the calls of tools in an MCP message cost; a batch has several. */
final class ToolCalls {
    private static final String CALL = "tools/call";
    private static final ToolConfig UNNAMED = new ToolConfig(1, 0);

    private final Map<String, ToolConfig> tools;
    private final int otherRequests;

    ToolCalls(Map<String, ToolConfig> tools, int otherRequests) {
        this.tools = Map.copyOf(tools);
        this.otherRequests = otherRequests;
    }

    /**
     * @throws ApiProblem 413 or 400 if it cannot be told
     */
    Cost cost(RawBody body) {
        return switch (body) {
            case RawBody.Content(var bytes) -> cost(bytes.toArray());
            case RawBody.TooLarge _ -> throw tooLarge();
            case RawBody.Unreadable _ -> throw tooLarge();
        };
    }

    private Cost cost(byte[] body) {
        if (body.length == 0) {
            return Cost.known(otherRequests, Price.FREE);
        }
        var message = parse(body);
        long requests = 0;
        long price = 0;
        for (var one : message.isArray() ? message : List.of(message)) {
            if (one.path("method").asText().equals(CALL)) {
                var name = one.path("params").path("name").asText();
                var tool = PlanLimits.named(tools, name).orElse(UNNAMED);
                requests += tool.requests();
                price += tool.billionths();
            } else {
                requests += otherRequests;
            }
        }
        return Cost.known(requests, new Price(price, 0, 0));
    }

    /** What two readers could understand in two ways is not let through. */
    private static JsonNode parse(byte[] body) {
        try {
            return Json.parseUnambiguous(body);
        } catch (JsonProcessingException e) {
            throw ApiProblem.badRequest(null, null, "The body is not valid JSON.").because(e);
        }
    }

    private static ApiProblem tooLarge() {
        return new ApiProblem(
                413, ApiProblem.INVALID_REQUEST, null, null, "The request is too large.");
    }
}
