// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a model thought before it answered, as far as its server tells. */
final class ReasoningItem extends OutputItem {
    private static final int PART = 0; // there is one

    private final StringBuilder text = new StringBuilder();

    ReasoningItem(int index, Events events) {
        super("reasoning", index, events);
    }

    void text(String delta) throws ClientGone {
        if (text.isEmpty()) {
            emit("response.content_part.added", at().set("part", part()));
        }
        text.append(delta);
        emit("response.reasoning_text.delta", at().put("delta", delta));
    }

    @Override
    void describe(ObjectNode item) {
        item.putArray("summary");
        var content = item.putArray("content");
        if (!text.isEmpty()) {
            content.add(part());
        }
    }

    @Override
    void closeParts() throws ClientGone {
        emit("response.reasoning_text.done", at().put("text", text.toString()));
        emit("response.content_part.done", at().set("part", part()));
    }

    private ObjectNode part() {
        return Json.object().put("type", "reasoning_text").put("text", text.toString());
    }

    private static ObjectNode at() {
        return Json.object().put("content_index", PART);
    }
}
