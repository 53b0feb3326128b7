// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.objects;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/**
 * Reads a table page by page in the order in which its rows were created. The table has the columns
 * {@code owner}, {@code id} and {@code created_at}; a page begins behind a row, not at a number, so
 * that what is added or removed meanwhile neither repeats nor hides anything.
 *
 * @param columns to be read
 * @param condition SQL that a row must fulfil besides, such as {@code AND model = :model}
 * @param bindings of the condition
 */
public record KeysetQuery(String table, String columns, String condition, Map<String, ?> bindings) {

    /**
     * One row more than the page has, if there are more.
     *
     * @throws ai.jan.kit.problem.ApiProblem 404 if the owner has no such row as the page is to
     *     begin behind
     */
    public <T> List<T> rows(Handle handle, String owner, PageRequest page, Class<T> type) {
        var after = page.after().map(id -> createdAt(handle, owner, id));
        var past = after.isEmpty() ? "" : "AND (created_at, id) " + page.past() + " (:time, :id)";
        var query =
                handle.createQuery(
                                """
                                SELECT %1$s FROM %2$s WHERE owner = :owner %3$s %4$s
                                ORDER BY created_at %5$s, id %5$s LIMIT :rows
                                """
                                        .formatted(
                                                columns, table, condition, past, page.direction()))
                        .bind("owner", owner)
                        .bind("rows", page.rows())
                        .bindMap(bindings);
        after.ifPresent(time -> query.bind("time", time).bind("id", page.after().orElseThrow()));
        return query.map(ConstructorMapper.of(type)).list();
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
