// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.database.Database;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.objects.KeysetQuery.Slice;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of responses. Every statement names the owner. Thread-safe. */
public final class Responses {
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
     * @param rows how many at most
     * @param bytes how many at most, not counting the first item
     */
    static Slice<Item> chain(Handle handle, String owner, String id, int rows, int bytes) {
        record Row(String body, int rows) {}
        var found =
                handle.createQuery(
                                """
                                WITH RECURSIVE chain AS (
                                  SELECT id, previous_id, conversation_id, conversation_until, 0 AS depth
                                  FROM chat.responses WHERE owner = :owner AND id = :id
                                  UNION ALL
                                  SELECT r.id, r.previous_id, r.conversation_id, r.conversation_until, c.depth + 1
                                  FROM chain c JOIN chat.responses r ON r.owner = :owner AND r.id = c.previous_id
                                  WHERE c.depth < :rows),
                                linked AS (
                                  SELECT c.depth, i.position::bigint AS position, i.item_id
                                  FROM chain c JOIN chat.response_items i ON i.owner = :owner AND i.response_id = c.id
                                  UNION ALL
                                  SELECT c.depth + 1, l.sequence, l.item_id
                                  FROM chain c JOIN chat.conversation_items l
                                    ON l.owner = :owner AND l.conversation_id = c.conversation_id
                                      AND l.sequence < c.conversation_until),
                                newest AS (SELECT * FROM linked ORDER BY depth, position DESC LIMIT :rows + 1),
                                sized AS (
                                  SELECT n.depth, n.position, i.body, count(*) OVER () AS page_rows,
                                    sum(octet_length(i.body::text)) OVER (
                                      ORDER BY n.depth, n.position DESC
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                                  FROM newest n JOIN chat.items i ON i.owner = :owner AND i.id = n.item_id)
                                SELECT body, page_rows FROM sized
                                WHERE coalesce(before, 0) < :bytes ORDER BY depth, position DESC
                                """)
                        .bind("owner", owner)
                        .bind("id", id)
                        .bind("rows", rows)
                        .bind("bytes", bytes)
                        .map((row, _) -> new Row(row.getString("body"), row.getInt("page_rows")))
                        .list();
        boolean more =
                found.size() > rows || (!found.isEmpty() && found.getFirst().rows() > found.size());
        var items = found.stream().limit(rows).map(row -> Item.stored(row.body())).toList();
        return new Slice<>(items.reversed(), more);
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
