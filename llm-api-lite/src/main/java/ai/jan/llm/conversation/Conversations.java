// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.database.Database;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.objects.KeysetQuery;
import ai.jan.llm.objects.PageRequest;
import ai.jan.llm.objects.Slice;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** The table of conversations. Every statement names the owner, so no caller can forget to. */
public final class Conversations {
    private static final String COLUMNS = "id, title, metadata, project_id, referrer, created_at";

    private static final int BATCH = 500;

    /** None if it was deleted a moment ago. */
    private static final String PROJECT =
            """
            (SELECT p.id FROM chat.projects p
             WHERE p.owner = :owner AND p.id = :project FOR KEY SHARE)\
            """;

    private final Database database;

    public Conversations(Database database) {
        this.database = database;
    }

    /** Adds a conversation that is known to nobody yet. */
    Conversation create(Handle handle, String owner, String id, ConversationChange first) {
        return handle.createQuery(
                        """
                        INSERT INTO chat.conversations (id, owner, title, metadata, referrer, project_id)
                        VALUES (:id, :owner, :title, :metadata::json, :referrer, %s)
                        RETURNING %s
                        """
                                .formatted(PROJECT, COLUMNS))
                .bind("id", id)
                .bind("owner", owner)
                .bind("title", first.title())
                .bind("metadata", Json.text(first.metadata().orElseGet(Json::object)))
                .bind("referrer", first.referrer().orElse(null))
                .bind("project", first.project())
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

    /**
     * Makes sure that somebody has a conversation.
     *
     * @throws ApiProblem 404 if not
     */
    public void require(String owner, String id) {
        if (find(owner, id).isEmpty()) {
            throw unknown(id);
        }
    }

    /** What the model is told in a conversation: the instruction of its project, if it has one. */
    public Optional<String> instruction(String owner, String id) {
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT p.instruction FROM chat.conversations c
                                JOIN chat.projects p ON p.owner = c.owner AND p.id = c.project_id
                                WHERE c.owner = :owner AND c.id = :id AND p.instruction IS NOT NULL
                                """)
                        .bind("owner", owner)
                        .bind("id", id)
                        .mapTo(String.class)
                        .findOne());
    }

    /** Changes what is mentioned; nothing is found if the owner has no such conversation. */
    Optional<Conversation> update(String owner, String id, ConversationChange change) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        return database.with(handle ->
                handle.createQuery(
                                """
                                UPDATE chat.conversations SET
                                  title = CASE WHEN :hasTitle THEN :title ELSE title END,
                                  metadata = coalesce(:metadata::json, metadata),
                                  referrer = coalesce(:referrer, referrer),
                                  project_id = CASE WHEN :hasProject THEN %s ELSE project_id END
                                WHERE owner = :owner AND id = :id
                                RETURNING %s
                                """
                                        .formatted(PROJECT, COLUMNS))
                        .bind("owner", owner)
                        .bind("id", id)
                        .bind("hasTitle", change.hasTitle())
                        .bind("title", change.title())
                        .bind("metadata", change.metadata().map(Json::text).orElse(null))
                        .bind("referrer", change.referrer().orElse(null))
                        .bind("hasProject", change.hasProject())
                        .bind("project", change.project())
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

    /**
     * Removes all conversations of somebody, a batch at a time, so that no statement takes long.
     *
     * @return how many there were
     */
    int deleteAll(String owner) {
        int all = 0;
        for (int some; (some = deleteSome(owner)) > 0; ) {
            all += some;
        }
        return all;
    }

    private int deleteSome(String owner) {
        return database.with(handle ->
                handle.createUpdate(
                                """
                                DELETE FROM chat.conversations WHERE owner = :owner AND id IN (
                                  SELECT id FROM chat.conversations WHERE owner = :owner LIMIT :batch)
                                """)
                        .bind("owner", owner)
                        .bind("batch", BATCH)
                        .execute());
    }

    int count(String owner, ConversationFilter filter) {
        return database.with(handle ->
                handle.createQuery(
                                "SELECT count(*) FROM chat.conversations WHERE owner = :owner"
                                        + filter.sql())
                        .bind("owner", owner)
                        .bindMap(filter.bindings())
                        .mapTo(int.class)
                        .one());
    }

    Slice<Conversation> page(String owner, ConversationFilter filter, PageRequest page) {
        var query =
                KeysetQuery.of("chat.conversations", COLUMNS)
                        .where(filter.sql(), filter.bindings());
        return database.with(handle -> query.read(handle, owner, page, Conversation.class));
    }

    static ApiProblem unknown(String id) {
        return ApiProblem.notFound(null, null, "Conversation with id '" + id + "' not found.");
    }
}
