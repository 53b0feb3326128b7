// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.database.Database;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.objects.PageRequest;
import ai.jan.llm.objects.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            if (item instanceof NewItem.Named(var named)) {
                requireNew(handle, owner, conversation, first, named.id());
            } else if (item instanceof NewItem.Reference(var id)) {
                requireNew(handle, owner, conversation, first, id);
            }
            var stored = Items.store(handle, owner, item);
            link(handle, owner, conversation, first + added.size(), stored.id());
            added.add(stored);
        }
        return added;
    }

    /** A page; one with large items has fewer of them than its limit. */
    Slice<Item> page(String owner, String conversation, PageRequest page) {
        return database.with(handle -> {
            var after = page.after().map(id -> cursor(handle, owner, conversation, page, id));
            return Items.linked(
                            "SELECT sequence, item_id FROM chat.conversation_items"
                                    + " WHERE owner = :owner AND conversation_id = :conversation"
                                    + after.map(last -> " AND sequence " + page.past() + " " + last)
                                            .orElse(""),
                            "sequence " + page.direction())
                    .read(
                            handle,
                            page.limit(),
                            Map.of("owner", owner, "conversation", conversation),
                            Item.ROW);
        });
    }

    /** The last items of a conversation, oldest first. */
    public Slice<Item> last(String owner, String conversation, int limit) {
        var last = page(owner, conversation, new PageRequest(limit, false, Optional.empty()));
        return new Slice<>(last.rows().reversed(), last.more());
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

    /**
     * Makes sure that an item is not in a conversation yet.
     *
     * @param before only items with smaller numbers count, so that one request may name one twice
     * @throws ApiProblem 400 if it is
     */
    public static void requireNew(
            Handle handle, String owner, String conversation, long before, String id) {
        boolean here =
                Ids.isWellFormed(id)
                        && handle.createQuery(
                                        """
                                        SELECT EXISTS (
                                          SELECT 1 FROM chat.conversation_items
                                          WHERE owner = :owner AND item_id = :id
                                            AND conversation_id = :conversation AND sequence < :before)
                                        """)
                                .bind("owner", owner)
                                .bind("id", id)
                                .bind("conversation", conversation)
                                .bind("before", before)
                                .mapTo(boolean.class)
                                .one();
        if (here) {
            throw ApiProblem.badRequest(
                    "item_already_in_conversation",
                    "items",
                    "Item with id '" + id + "' is already in this conversation.");
        }
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
