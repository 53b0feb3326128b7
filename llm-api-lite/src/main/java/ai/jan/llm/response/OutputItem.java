// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.json.Json;
import ai.jan.llm.objects.Ids;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One item of the answer while it comes into being; tells every step of that. */
abstract sealed class OutputItem permits MessageItem, ReasoningItem, CallItem {
    private final String id;
    private final String type;
    private final int index;
    private final Events events;

    OutputItem(String type, int index, Events events) {
        this.id = Ids.item(type);
        this.type = type;
        this.index = index;
        this.events = events;
    }

    /** Adds what this type of item has to {@code id}, {@code type} and {@code status}. */
    abstract void describe(ObjectNode item);

    /** Tells that the parts of the item are complete. */
    abstract void closeParts() throws ClientGone;

    final ObjectNode json(String status) {
        var item = Json.object().put("id", id).put("type", type).put("status", status);
        describe(item);
        return item;
    }

    final void open() throws ClientGone {
        emitItem("response.output_item.added", json("in_progress"));
    }

    /**
     * @param status {@code completed} or {@code incomplete}
     */
    final ObjectNode close(String status) throws ClientGone {
        closeParts();
        var item = json(status);
        emitItem("response.output_item.done", item);
        return item;
    }

    /** Emits an event about something within this item. */
    final void emit(String type, ObjectNode members) throws ClientGone {
        var event = Json.object().put("item_id", id).put("output_index", index);
        event.setAll(members);
        events.emit(type, event);
    }

    private void emitItem(String type, ObjectNode item) throws ClientGone {
        var event = Json.object().put("output_index", index);
        event.set("item", item);
        events.emit(type, event);
    }
}
