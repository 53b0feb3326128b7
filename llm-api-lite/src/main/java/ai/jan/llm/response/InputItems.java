// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.database.Database;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.objects.KeysetQuery.Slice;
import ai.jan.llm.objects.PageRequest;
import org.jdbi.v3.core.Handle;

/** What was said in the request for a response, page by page. Every statement names the owner. */
final class InputItems {
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    private final Database database;

    InputItems(Database database) {
        this.database = database;
    }

    /** A page; one with large items has fewer of them than its limit. */
    Slice<Item> page(String owner, String response, PageRequest page) {
        record Row(String body, int rows) {}
        var rows =
                database.with(handle -> {
                    var after =
                            page.after().map(item -> cursor(handle, owner, response, page, item));
                    var past =
                            after.map(position -> "AND position " + page.past() + " " + position);
                    return handle.createQuery(
                                    """
                                    WITH page AS (
                                      SELECT position, item_id FROM chat.response_items
                                      WHERE owner = :owner AND response_id = :response AND NOT is_output %1$s
                                      ORDER BY position %2$s LIMIT :rows),
                                    sized AS (
                                      SELECT p.position, i.body, count(*) OVER () AS page_rows,
                                        sum(octet_length(i.body::text)) OVER (
                                          ORDER BY p.position %2$s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                                      FROM page p JOIN chat.items i ON i.owner = :owner AND i.id = p.item_id)
                                    SELECT body, page_rows FROM sized
                                    WHERE coalesce(before, 0) < :bytes ORDER BY position %2$s
                                    """
                                            .formatted(past.orElse(""), page.direction()))
                            .bind("owner", owner)
                            .bind("response", response)
                            .bind("rows", page.limit() + 1)
                            .bind("bytes", MAX_BYTES)
                            .map((row, _) ->
                                    new Row(row.getString("body"), row.getInt("page_rows")))
                            .list();
                });
        boolean more =
                rows.size() > page.limit()
                        || (!rows.isEmpty() && rows.getFirst().rows() > rows.size());
        return new Slice<>(
                rows.stream().limit(page.limit()).map(row -> Item.stored(row.body())).toList(),
                more);
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
