// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.completion;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A chat completion that is kept.
 *
 * @param body JSON text of the answer
 * @param metadata JSON text of an object
 */
record StoredCompletion(String id, String body, String metadata, Instant createdAt) {

    /** As it goes over the wire: the answer, and what was attached to it. */
    ObjectNode toJson() {
        try {
            var json = (ObjectNode) Json.parse(body);
            json.set("metadata", Json.parse(metadata));
            return json;
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalStateException("a completion in the database is not JSON", e);
        }
    }
}
