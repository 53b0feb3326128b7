// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.kit.json.Json;
import ai.jan.llm.objects.Ids;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * One thing that was said or done in a conversation, in the shape in which it is stored and given
 * back (OpenAI contract 6.2 to 6.4).
 */
public record Item(ObjectNode body) {
    /** An item in the column {@code body} of a row. */
    public static final RowMapper<Item> ROW = (row, _) -> stored(row.getString("body"));

    /** A new item: the members in the order OpenAI sends them, with a new id. */
    public static Item of(String type, String status, ObjectNode rest) {
        var body = Json.object().put("type", type).put("id", Ids.item(type)).put("status", status);
        rest.properties()
                .forEach(member -> {
                    if (!body.has(member.getKey())) {
                        body.set(member.getKey(), member.getValue());
                    }
                });
        return new Item(body);
    }

    /** An item of a type that is not known here: nothing but its id is ours. */
    static Item verbatim(String type, ObjectNode body) {
        return new Item(body.put("id", Ids.item(type)));
    }

    public static Item stored(String json) {
        try {
            return new Item((ObjectNode) Json.parse(json));
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalStateException("an item in the database is not a JSON object", e);
        }
    }

    public String id() {
        return body.path("id").textValue();
    }

    public String type() {
        return body.path("type").textValue();
    }
}
