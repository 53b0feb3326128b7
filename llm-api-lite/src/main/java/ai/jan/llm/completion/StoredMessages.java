// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.completion;

import ai.jan.kit.json.Json;
import ai.jan.llm.objects.PageRequest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The messages of one stored completion, each with an id made of the completion's and a number. */
record StoredMessages(List<ObjectNode> messages) {

    static StoredMessages of(String completion, String json) {
        try {
            var messages = new ArrayList<ObjectNode>();
            for (var message : Json.parse(json)) {
                messages.add(
                        stored(
                                completion + "-" + messages.size(),
                                (ObjectNode) message.deepCopy()));
            }
            return new StoredMessages(messages);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("messages in the database are not JSON", e);
        }
    }

    /** The list object of a page. */
    ObjectNode page(PageRequest request) {
        var ordered = request.ascending() ? messages : messages.reversed();
        int start = request.after().map(id -> indexOf(ordered, id) + 1).orElse(0);
        int end = Math.min(ordered.size(), start + request.limit());
        return PageRequest.page(ordered.subList(start, end), end < ordered.size());
    }

    /** {@code content} is always a text or null; parts have a member of their own. */
    private static ObjectNode stored(String id, ObjectNode message) {
        var stored = Json.object().put("id", id);
        stored.setAll(message);
        var content = message.path("content");
        if (!content.isTextual()) {
            stored.putNull("content");
        }
        if (content.isArray()) {
            stored.set("content_parts", content);
        } else {
            stored.putNull("content_parts");
        }
        return stored;
    }

    private static int indexOf(List<ObjectNode> ordered, String id) {
        for (int i = 0; i < ordered.size(); i++) {
            if (ordered.get(i).path("id").asText().equals(id)) {
                return i;
            }
        }
        throw PageRequest.unknownCursor(id);
    }
}
