// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** System messages: most chat templates take one, and only at the front. */
public final class Instructions {
    private Instructions() {}

    /**
     * Tells the model something before all else: in the system message that is there, if it is a
     * text, or in one of its own.
     */
    public static void putFirst(List<ObjectNode> messages, String instruction) {
        if (!messages.isEmpty()) {
            var first = messages.getFirst();
            var content = first.path("content");
            if (first.path("role").asText().equals("system") && content.isTextual()) {
                var told = first.deepCopy().put("content", instruction + "\n\n" + content.asText());
                messages.set(0, told);
                return;
            }
        }
        messages.addFirst(Json.object().put("role", "system").put("content", instruction));
    }
}
