// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.kit.json.Json;
import ai.jan.llm.backend.Refusals;
import ai.jan.llm.backend.UpstreamFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads what model servers answer. */
final class Chunks {
    private Chunks() {}

    /**
     * One event of a stream.
     *
     * @throws ai.jan.kit.problem.ApiProblem if it tells an error
     * @throws UpstreamFailure if it is not a JSON object
     */
    static ObjectNode parse(String data) throws UpstreamFailure {
        var chunk = object(data.getBytes(UTF_8));
        if (chunk.hasNonNull("error")) {
            throw Refusals.of(chunk.path("error"));
        }
        return chunk;
    }

    private static ObjectNode object(byte[] json) throws UpstreamFailure {
        JsonNode value;
        try {
            value = Json.parse(json);
        } catch (JsonProcessingException e) {
            throw UpstreamFailure.garbage("an answer that is not JSON");
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw UpstreamFailure.garbage("an answer that is not a JSON object");
    }
}
