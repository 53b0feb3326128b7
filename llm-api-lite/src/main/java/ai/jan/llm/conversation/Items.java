// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.objects.BoundedQuery;
import ai.jan.llm.objects.Ids;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of items: each is kept once, whoever refers to it. Every statement names the owner. */
public final class Items {
    private Items() {}

    public static Optional<Item> find(Handle handle, String owner, String id) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        return handle.createQuery("SELECT body FROM chat.items WHERE owner = :owner AND id = :id")
                .bind("owner", owner)
                .bind("id", id)
                .mapTo(String.class)
                .map(Item::stored)
                .findOne();
    }

    /**
     * What is meant by an item that somebody sent, nothing being stored.
     *
     * @throws ApiProblem 404 if it is a reference to an item that the owner does not have
     */
    public static Item resolve(Handle handle, String owner, NewItem item) {
        return switch (item) {
            case NewItem.Created(var created) -> created;
            case NewItem.Named(var named) -> find(handle, owner, named.id()).orElse(named);
            case NewItem.Reference(var id) ->
                    find(handle, owner, id).orElseThrow(() -> unknown(id));
        };
    }

    /**
     * Makes sure that an item is kept.
     *
     * @return it as it is stored
     * @throws ApiProblem 404 if it is a reference to an item that the owner does not have
     */
    public static Item store(Handle handle, String owner, NewItem item) {
        var meant = resolve(handle, owner, item);
        boolean inserted =
                handle.createUpdate(
                                        """
                                        INSERT INTO chat.items (owner, id, body) VALUES (:owner, :id, :body::json)
                                        ON CONFLICT (owner, id) DO NOTHING
                                        """)
                                .bind("owner", owner)
                                .bind("id", meant.id())
                                .bind("body", Json.text(meant.body()))
                                .execute()
                        == 1;
        return inserted ? meant : find(handle, owner, meant.id()).orElse(meant);
    }

    /**
     * A query for items that something has in an order of its own; {@code :owner} is bound to their
     * owner.
     *
     * @param links SQL that selects {@code item_id} and what the order is made of
     */
    public static BoundedQuery linked(String links, String order) {
        return new BoundedQuery(
                """
                SELECT l.*, i.body, octet_length(i.body::text) AS weight
                FROM (SELECT * FROM (%1$s) links ORDER BY %2$s LIMIT :rows) l
                JOIN chat.items i ON i.owner = :owner AND i.id = l.item_id
                """
                        .formatted(links, order),
                order);
    }

    static ApiProblem unknown(String id) {
        return ApiProblem.notFound(null, null, "Item with id '" + id + "' not found.");
    }
}
