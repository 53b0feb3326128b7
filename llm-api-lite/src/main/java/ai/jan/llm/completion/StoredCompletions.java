// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.completion;

import ai.jan.database.Database;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.objects.KeysetQuery;
import ai.jan.llm.objects.PageRequest;
import ai.jan.llm.objects.Slice;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** The table of stored chat completions. Every statement names the owner. Thread-safe. */
public final class StoredCompletions {
    private static final String COLUMNS = "id, body, metadata, created_at";

    private final Database database;

    public StoredCompletions(Database database) {
        this.database = database;
    }

    /**
     * Keeps an answer.
     *
     * @param body the answer, with an id that nobody else knows yet
     * @param messages what was asked
     */
    public void add(String owner, ObjectNode body, ArrayNode messages, ObjectNode metadata) {
        database.with(handle ->
                handle.createUpdate(
                                """
                                INSERT INTO chat.completions (owner, id, model, body, messages, metadata, pairs)
                                VALUES (:owner, :id, :model, :body::json, :messages::json, :metadata::json, :pairs)
                                """)
                        .bind("owner", owner)
                        .bind("id", body.path("id").textValue())
                        .bind("model", body.path("model").textValue())
                        .bind("body", Json.text(body))
                        .bind("messages", Json.text(messages))
                        .bind("metadata", Json.text(metadata))
                        .bindArray("pairs", String.class, (Object[]) pairs(metadata))
                        .execute());
    }

    Optional<StoredCompletion> find(String owner, String id) {
        return database.with(handle ->
                handle.createQuery(
                                "SELECT %s FROM chat.completions WHERE owner = :owner AND id = :id"
                                        .formatted(COLUMNS))
                        .bind("owner", owner)
                        .bind("id", askable(id))
                        .map(ConstructorMapper.of(StoredCompletion.class))
                        .findOne());
    }

    /** JSON text of the array of messages that was asked. */
    Optional<String> messages(String owner, String id) {
        return database.with(handle ->
                handle.createQuery(
                                "SELECT messages FROM chat.completions WHERE owner = :owner AND id = :id")
                        .bind("owner", owner)
                        .bind("id", askable(id))
                        .mapTo(String.class)
                        .findOne());
    }

    /** Replaces the metadata; nothing is found if the owner has no such completion. */
    Optional<StoredCompletion> update(String owner, String id, ObjectNode metadata) {
        return database.with(handle ->
                handle.createQuery(
                                """
                                UPDATE chat.completions SET metadata = :metadata::json, pairs = :pairs
                                WHERE owner = :owner AND id = :id RETURNING %s
                                """
                                        .formatted(COLUMNS))
                        .bind("owner", owner)
                        .bind("id", askable(id))
                        .bind("metadata", Json.text(metadata))
                        .bindArray("pairs", String.class, (Object[]) pairs(metadata))
                        .map(ConstructorMapper.of(StoredCompletion.class))
                        .findOne());
    }

    boolean delete(String owner, String id) {
        return database.with(handle ->
                handle.createUpdate(
                                "DELETE FROM chat.completions WHERE owner = :owner AND id = :id")
                        .bind("owner", owner)
                        .bind("id", askable(id))
                        .execute())
                == 1;
    }

    /**
     * @param model only those of that one
     * @param metadata only those that have these pairs, among others
     */
    Slice<StoredCompletion> page(
            String owner, Optional<String> model, ObjectNode metadata, PageRequest page) {
        var conditions = new StringBuilder();
        var bindings = new LinkedHashMap<String, Object>();
        model.ifPresent(name -> {
            conditions.append("AND model = :model ");
            bindings.put("model", name);
        });
        if (!metadata.isEmpty()) {
            conditions.append("AND pairs @> :pairs::text[] ");
            bindings.put("pairs", pairs(metadata));
        }
        var query =
                KeysetQuery.of("chat.completions", COLUMNS)
                        .weighing("octet_length(body::text)")
                        .where(conditions.toString(), bindings);
        return database.with(handle -> query.read(handle, owner, page, StoredCompletion.class));
    }

    static ApiProblem unknown(String id) {
        return ApiProblem.notFound(null, null, "Chat completion with id '" + id + "' not found.");
    }

    /** Escaped, because texts in JSON may have a NUL and those of the database may not. */
    private static String[] pairs(ObjectNode metadata) {
        return metadata.properties().stream()
                .map(pair -> Json.text(Map.of(pair.getKey(), pair.getValue())))
                .toArray(String[]::new);
    }

    /** What cannot be an id is no id; the database would refuse some of it. */
    private static String askable(String id) {
        return Ids.isWellFormed(id) ? id : "";
    }
}
