// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.objects;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/**
 * Reads a table page by page in the order in which its rows were created. The table has the columns
 * {@code owner}, {@code id} and {@code created_at}; a page begins behind a row, not at a number, so
 * that what is added or removed meanwhile neither repeats nor hides anything.
 *
 * @param columns to be read; {@code id} and {@code created_at} are among them
 * @param weight SQL for the bytes of a row
 * @param condition SQL that a row must fulfil besides, such as {@code AND model = :model}
 * @param bindings of the condition
 */
public record KeysetQuery(
        String table, String columns, String weight, String condition, Map<String, ?> bindings) {
    /** All rows of an owner, none of which is large. */
    public static KeysetQuery of(String table, String columns) {
        return new KeysetQuery(table, columns, "0", "", Map.of());
    }

    public KeysetQuery where(String condition, Map<String, ?> bindings) {
        return new KeysetQuery(table, columns, weight, condition, bindings);
    }

    public KeysetQuery weighing(String weight) {
        return new KeysetQuery(table, columns, weight, condition, bindings);
    }

    /**
     * A page; one with large rows has fewer of them than its limit.
     *
     * @throws ai.jan.kit.problem.ApiProblem 404 if the owner has no such row as the page is to
     *     begin behind
     */
    public <T> Slice<T> read(Handle handle, String owner, PageRequest page, Class<T> type) {
        var all = new HashMap<String, Object>(bindings);
        all.put("owner", owner);
        page.after()
                .ifPresent(id -> {
                    all.put("id", id);
                    all.put("time", createdAt(handle, owner, id));
                });
        return query(page).read(handle, page.limit(), all, ConstructorMapper.of(type));
    }

    private BoundedQuery query(PageRequest page) {
        var past =
                page.after().isPresent()
                        ? "AND (created_at, id) " + page.past() + " (:time, :id)"
                        : "";
        var order = "created_at %1$s, id %1$s".formatted(page.direction());
        return new BoundedQuery(
                """
                SELECT %s, %s AS weight FROM %s WHERE owner = :owner %s %s ORDER BY %s LIMIT :rows
                """
                        .formatted(columns, weight, table, condition, past, order),
                order);
    }

    private Instant createdAt(Handle handle, String owner, String id) {
        if (!Ids.isWellFormed(id)) {
            throw PageRequest.unknownCursor(id);
        }
        return handle.createQuery(
                        "SELECT created_at FROM %s WHERE owner = :owner AND id = :id"
                                .formatted(table))
                .bind("owner", owner)
                .bind("id", id)
                .mapTo(Instant.class)
                .findOne()
                .orElseThrow(() -> PageRequest.unknownCursor(id));
    }
}
