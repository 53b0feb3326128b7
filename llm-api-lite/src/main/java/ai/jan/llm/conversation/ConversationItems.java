// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.database.Database;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Which items a conversation has, in the order of a sequence of its own. Every statement names the
 * owner.
 */
public final class ConversationItems {
    private final Database database;

    public ConversationItems(Database database) {
        this.database = database;
    }

    /**
     * Adds items at the end, in the given order. The caller has the row of the conversation locked.
     *
     * @param first the sequence number of the first one
     * @return the items as they are stored
     * @throws ApiProblem if an item is there already or does not exist
     */
    List<Item> append(
            Handle handle, String owner, String conversation, long first, List<NewItem> items) {
        var added = new ArrayList<Item>();
        for (var item : items) {
            var stored =
                    switch (item) {
                        case NewItem.Created(var created) -> insert(handle, owner, created);
                        case NewItem.Named(var named) -> {
                            var known =
                                    knownElsewhere(handle, owner, conversation, first, named.id());
                            yield known.orElseGet(() -> insert(handle, owner, named));
                        }
                        case NewItem.Reference(var id) ->
                                knownElsewhere(handle, owner, conversation, first, id)
                                        .orElseThrow(() -> unknown(id));
                    };
            link(handle, owner, conversation, first + added.size(), stored.id());
            added.add(stored);
        }
        return added;
    }

    /** One row more than the page has, if there are more. */
    List<Item> page(String owner, String conversation, PageRequest page) {
        return database.with(handle -> {
            var after = page.after().map(id -> cursor(handle, owner, conversation, page, id));
            return handle.createQuery(
                            """
                            SELECT i.body FROM chat.conversation_items c
                            JOIN chat.items i ON i.owner = c.owner AND i.id = c.item_id
                            WHERE c.owner = :owner AND c.conversation_id = :conversation %s
                            ORDER BY c.sequence %s LIMIT :rows
                            """
                                    .formatted(
                                            after.map(sequence ->
                                                            "AND c.sequence "
                                                                    + page.past()
                                                                    + " "
                                                                    + sequence)
                                                    .orElse(""),
                                            page.direction()))
                    .bind("owner", owner)
                    .bind("conversation", conversation)
                    .bind("rows", page.rows())
                    .mapTo(String.class)
                    .map(Item::stored)
                    .list();
        });
    }

    /** The last items of a conversation, oldest first. */
    public List<Item> last(String owner, String conversation, int limit) {
        return page(owner, conversation, new PageRequest(limit - 1, false, Optional.empty()))
                .reversed();
    }

    Optional<Item> find(String owner, String conversation, String id) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT i.body FROM chat.items i
                                WHERE i.owner = :owner AND i.id = :id AND EXISTS (
                                  SELECT 1 FROM chat.conversation_items c
                                  WHERE c.owner = i.owner AND c.item_id = i.id AND c.conversation_id = :conversation)
                                """)
                        .bind("owner", owner)
                        .bind("id", id)
                        .bind("conversation", conversation)
                        .mapTo(String.class)
                        .map(Item::stored)
                        .findOne());
    }

    /** Takes an item out of a conversation. */
    boolean remove(String owner, String conversation, String id) {
        return Ids.isWellFormed(id)
                && database.with(handle ->
                        handle.createUpdate(
                                        """
                                        DELETE FROM chat.conversation_items
                                        WHERE owner = :owner AND conversation_id = :conversation AND item_id = :id
                                        """)
                                .bind("owner", owner)
                                .bind("conversation", conversation)
                                .bind("id", id)
                                .execute())
                        > 0;
    }

    static ApiProblem unknown(String id) {
        return ApiProblem.notFound(null, null, "Item with id '" + id + "' not found.");
    }

    private static long cursor(
            Handle handle, String owner, String conversation, PageRequest page, String item) {
        if (!Ids.isWellFormed(item)) {
            throw PageRequest.unknownCursor(item);
        }
        // An item that is there twice leads past both, so that paging always comes to an end.
        var sequence =
                handle.createQuery(
                                """
                                SELECT %s(sequence) FROM chat.conversation_items
                                WHERE owner = :owner AND conversation_id = :conversation AND item_id = :item
                                """
                                        .formatted(page.ascending() ? "max" : "min"))
                        .bind("owner", owner)
                        .bind("conversation", conversation)
                        .bind("item", item)
                        .mapTo(Long.class)
                        .findOne();
        return sequence.orElseThrow(() -> PageRequest.unknownCursor(item));
    }

    /** An item of the owner, which must not have been in the conversation before this request. */
    private static Optional<Item> knownElsewhere(
            Handle handle, String owner, String conversation, long first, String id) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        record Known(String body, boolean here) {}
        var known =
                handle.createQuery(
                                """
                                SELECT i.body, EXISTS (
                                  SELECT 1 FROM chat.conversation_items c
                                  WHERE c.owner = i.owner AND c.item_id = i.id
                                    AND c.conversation_id = :conversation AND c.sequence < :first) AS here
                                FROM chat.items i WHERE i.owner = :owner AND i.id = :id
                                """)
                        .bind("owner", owner)
                        .bind("conversation", conversation)
                        .bind("first", first)
                        .bind("id", id)
                        .map((row, _) -> new Known(row.getString("body"), row.getBoolean("here")))
                        .findOne();
        if (known.map(Known::here).orElse(false)) {
            throw ApiProblem.badRequest(
                    "item_already_in_conversation",
                    "items",
                    "Item with id '" + id + "' is already in this conversation.");
        }
        return known.map(found -> Item.stored(found.body));
    }

    private static Item insert(Handle handle, String owner, Item item) {
        handle.createUpdate(
                        "INSERT INTO chat.items (owner, id, body) VALUES (:owner, :id, :body::json)")
                .bind("owner", owner)
                .bind("id", item.id())
                .bind("body", Json.text(item.body()))
                .execute();
        return item;
    }

    private static void link(
            Handle handle, String owner, String conversation, long sequence, String item) {
        handle.createUpdate(
                        """
                        INSERT INTO chat.conversation_items (conversation_id, sequence, owner, item_id)
                        VALUES (:conversation, :sequence, :owner, :item)
                        """)
                .bind("conversation", conversation)
                .bind("sequence", sequence)
                .bind("owner", owner)
                .bind("item", item)
                .execute();
    }
}
