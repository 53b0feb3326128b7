// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.database.Database;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.conversation.Items;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.objects.Slice;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of responses. Every statement names the owner. Thread-safe. */
public final class Responses {
    /** The items of a response and of all before it, with how long before that was. */
    private static final String CHAIN =
            """
            WITH RECURSIVE chain AS (
              SELECT id, previous_id, conversation_id, conversation_until, 0 AS depth
              FROM chat.responses WHERE owner = :owner AND id = :id
              UNION ALL
              SELECT r.id, r.previous_id, r.conversation_id, r.conversation_until, c.depth + 1
              FROM chain c JOIN chat.responses r ON r.owner = :owner AND r.id = c.previous_id
              WHERE c.depth < :rows)
            SELECT c.depth, i.position::bigint AS position, i.item_id
            FROM chain c JOIN chat.response_items i ON i.owner = :owner AND i.response_id = c.id
            UNION ALL
            SELECT c.depth + 1, l.sequence, l.item_id
            FROM chain c JOIN chat.conversation_items l
              ON l.owner = :owner AND l.conversation_id = c.conversation_id
                AND l.sequence < c.conversation_until
            """;

    private final Database database;

    public Responses(Database database) {
        this.database = database;
    }

    /** Where a response stands: what it continues. */
    record Place(@Nullable String previous, @Nullable String conversation, @Nullable Long until) {}

    /**
     * Keeps a response.
     *
     * @param handle whose transaction its items were stored in
     */
    static void add(
            Handle handle,
            String owner,
            ObjectNode body,
            Place place,
            List<Item> input,
            List<Item> output) {
        var id = body.path("id").textValue();
        handle.createUpdate(
                        """
                        INSERT INTO chat.responses (owner, id, body, previous_id, conversation_id, conversation_until)
                        VALUES (:owner, :id, :body::json, :previous, :conversation, :until)
                        """)
                .bind("owner", owner)
                .bind("id", id)
                .bind("body", Json.text(body))
                .bind("previous", place.previous())
                .bind("conversation", place.conversation())
                .bind("until", place.until())
                .execute();
        var link =
                handle.prepareBatch(
                        """
                        INSERT INTO chat.response_items (owner, response_id, position, is_output, item_id)
                        VALUES (:owner, :response, :position, :output, :item)
                        """);
        var all = new ArrayList<>(input);
        all.addAll(output);
        for (int i = 0; i < all.size(); i++) {
            link.bind("owner", owner)
                    .bind("response", id)
                    .bind("position", i)
                    .bind("output", i >= input.size())
                    .bind("item", all.get(i).id())
                    .add();
        }
        if (!all.isEmpty()) {
            link.execute();
        }
    }

    Optional<ObjectNode> find(String owner, String id) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT body FROM chat.responses
                                WHERE owner = :owner AND id = :id AND body IS NOT NULL
                                """)
                        .bind("owner", owner)
                        .bind("id", id)
                        .mapTo(String.class)
                        .map(Responses::stored)
                        .findOne());
    }

    /**
     * Removes a response. Its items stay, as those of a conversation do, and what came after it
     * still sees them.
     */
    boolean delete(String owner, String id) {
        return Ids.isWellFormed(id)
                && database.with(handle ->
                        handle.createUpdate(
                                        """
                                        UPDATE chat.responses SET body = NULL
                                        WHERE owner = :owner AND id = :id AND body IS NOT NULL
                                        """)
                                .bind("owner", owner)
                                .bind("id", id)
                                .execute())
                        == 1;
    }

    /**
     * What a response saw and what it said, back to the beginning: the last items of that, oldest
     * first.
     *
     * @param limit of items
     */
    static Slice<Item> chain(Handle handle, String owner, String id, int limit) {
        var last =
                Items.linked(CHAIN, "depth, position DESC")
                        .read(handle, limit, Map.of("owner", owner, "id", id), Item.ROW);
        return new Slice<>(last.rows().reversed(), last.more());
    }

    static ApiProblem unknown(String id) {
        return ApiProblem.notFound(null, null, "Response with id '" + id + "' not found.");
    }

    static ApiProblem unknownPrevious(String id) {
        return ApiProblem.badRequest(
                "previous_response_not_found",
                "previous_response_id",
                "Previous response with id '" + id + "' not found.");
    }

    private static ObjectNode stored(String json) {
        try {
            return (ObjectNode) Json.parse(json);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalStateException("a response in the database is not JSON", e);
        }
    }
}
