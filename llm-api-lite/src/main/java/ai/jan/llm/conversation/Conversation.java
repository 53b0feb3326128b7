// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A conversation of one owner.
 *
 * @param metadata JSON text of an object
 * @param projectId the project it belongs to, if it does
 * @param referrer what the client that began it calls itself, if it said so
 */
record Conversation(
        String id,
        @Nullable String title,
        String metadata,
        @Nullable String projectId,
        @Nullable String referrer,
        Instant createdAt) {

    /** As it goes over the wire (contract 6.2); all but the first four members are Jan's own. */
    ObjectNode toJson() {
        var json = Json.object();
        json.put("id", id)
                .put("object", "conversation")
                .put("created_at", createdAt.getEpochSecond());
        try {
            json.set("metadata", Json.parse(metadata));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("metadata in the database is not JSON", e);
        }
        Optional.ofNullable(title).ifPresent(text -> json.put("title", text));
        Optional.ofNullable(projectId).ifPresent(project -> json.put("project_id", project));
        Optional.ofNullable(referrer).ifPresent(name -> json.put("referrer", name));
        return json;
    }
}
