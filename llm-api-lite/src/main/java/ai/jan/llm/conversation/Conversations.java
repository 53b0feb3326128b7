// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.database.Database;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** The table of conversations. Every statement names the owner, so no caller can forget to. */
public final class Conversations {
    private static final String COLUMNS = "id, title, metadata, created_at";

    private final Database database;

    public Conversations(Database database) {
        this.database = database;
    }

    /** Adds a conversation that is known to nobody yet. */
    Conversation create(
            Handle handle, String owner, String id, @Nullable String title, ObjectNode metadata) {
        return handle.createQuery(
                        """
                        INSERT INTO chat.conversations (id, owner, title, metadata)
                        VALUES (:id, :owner, :title, :metadata::json)
                        RETURNING %s
                        """
                                .formatted(COLUMNS))
                .bind("id", id)
                .bind("owner", owner)
                .bind("title", title)
                .bind("metadata", Json.text(metadata))
                .map(ConstructorMapper.of(Conversation.class))
                .one();
    }

    Optional<Conversation> find(String owner, String id) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT %s FROM chat.conversations WHERE owner = :owner AND id = :id
                                """
                                        .formatted(COLUMNS))
                        .bind("owner", owner)
                        .bind("id", id)
                        .map(ConstructorMapper.of(Conversation.class))
                        .findOne());
    }

    /** Replaces what is given and keeps what is null. */
    Optional<Conversation> update(
            String owner, String id, @Nullable String title, @Nullable ObjectNode metadata) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        return database.with(handle ->
                handle.createQuery(
                                """
                                UPDATE chat.conversations
                                SET title = coalesce(:title, title), metadata = coalesce(:metadata::json, metadata)
                                WHERE owner = :owner AND id = :id
                                RETURNING %s
                                """
                                        .formatted(COLUMNS))
                        .bind("owner", owner)
                        .bind("id", id)
                        .bind("title", title)
                        .bind("metadata", metadata == null ? null : Json.text(metadata))
                        .map(ConstructorMapper.of(Conversation.class))
                        .findOne());
    }

    /** Removes a conversation; its items stay, because others may have them too. */
    boolean delete(String owner, String id) {
        return Ids.isWellFormed(id)
                && database.with(handle ->
                        handle.createUpdate(
                                        "DELETE FROM chat.conversations WHERE owner = :owner AND id = :id")
                                .bind("owner", owner)
                                .bind("id", id)
                                .execute())
                        == 1;
    }

    int count(String owner) {
        return database.with(handle ->
                handle.createQuery("SELECT count(*) FROM chat.conversations WHERE owner = :owner")
                        .bind("owner", owner)
                        .mapTo(int.class)
                        .one());
    }

    /** One row more than the page has, if there are more. */
    List<Conversation> page(String owner, PageRequest page) {
        if (page.after().isEmpty()) {
            return rows(owner, page, null);
        }
        var after = page.after().get();
        var cursor = find(owner, after).orElseThrow(() -> PageRequest.unknownCursor(after));
        return rows(owner, page, cursor);
    }

    static ApiProblem unknown(String id) {
        return ApiProblem.notFound(null, null, "Conversation with id '" + id + "' not found.");
    }

    private List<Conversation> rows(String owner, PageRequest page, @Nullable Conversation after) {
        var past =
                after == null ? "" : "AND (created_at, id) " + page.past() + " (:createdAt, :id)";
        return database.with(handle -> {
            var query =
                    handle.createQuery(
                                    """
                                    SELECT %1$s FROM chat.conversations WHERE owner = :owner %2$s
                                    ORDER BY created_at %3$s, id %3$s LIMIT :rows
                                    """
                                            .formatted(COLUMNS, past, page.direction()))
                            .bind("owner", owner)
                            .bind("rows", page.rows());
            if (after != null) {
                query.bind("createdAt", after.createdAt()).bind("id", after.id());
            }
            return query.map(ConstructorMapper.of(Conversation.class)).list();
        });
    }
}
