// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.database.Database;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.conversation.Items;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.objects.PageRequest;
import ai.jan.llm.objects.Slice;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What was said in the request for a response, page by page. Every statement names the owner. */
final class InputItems {
    private final Database database;

    InputItems(Database database) {
        this.database = database;
    }

    /** A page; one with large items has fewer of them than its limit. */
    Slice<Item> page(String owner, String response, PageRequest page) {
        return database.with(handle -> {
            var after = page.after().map(item -> cursor(handle, owner, response, page, item));
            return Items.linked(
                            "SELECT position, item_id FROM chat.response_items"
                                    + " WHERE owner = :owner AND response_id = :response AND NOT is_output"
                                    + after.map(last -> " AND position " + page.past() + " " + last)
                                            .orElse(""),
                            "position " + page.direction())
                    .read(
                            handle,
                            page.limit(),
                            Map.of("owner", owner, "response", response),
                            Item.ROW);
        });
    }

    private static int cursor(
            Handle handle, String owner, String response, PageRequest page, String item) {
        if (!Ids.isWellFormed(item)) {
            throw PageRequest.unknownCursor(item);
        }
        // An item that is there twice leads past both, so that paging always comes to an end.
        return handle.createQuery(
                        """
                        SELECT %s(position) FROM chat.response_items
                        WHERE owner = :owner AND response_id = :response AND NOT is_output AND item_id = :item
                        """
                                .formatted(page.ascending() ? "max" : "min"))
                .bind("owner", owner)
                .bind("response", response)
                .bind("item", item)
                .mapTo(Integer.class)
                .findOne()
                .orElseThrow(() -> PageRequest.unknownCursor(item));
    }
}
