// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.project;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A project of one owner.
 *
 * @param instruction what the model is told in every turn of the project's conversations
 */
record Project(
        String id,
        String name,
        @Nullable String instruction,
        boolean isArchived,
        boolean isFavorite,
        Instant createdAt,
        Instant updatedAt) {

    /** As it goes over the wire (Jan contract 1.7). */
    ObjectNode toJson() {
        return Json.object()
                .put("id", id)
                .put("object", "project")
                .put("name", name)
                .put("instruction", instruction)
                .put("is_archived", isArchived)
                .put("is_favorite", isFavorite)
                .put("created_at", createdAt.getEpochSecond())
                .put("updated_at", updatedAt.getEpochSecond());
    }
}
