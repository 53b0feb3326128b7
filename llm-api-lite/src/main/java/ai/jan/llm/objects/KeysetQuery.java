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
 * @param columns to be read; {@code id} and {@code created_at} are among them
 * @param weight SQL for the bytes of a row
 * @param condition SQL that a row must fulfil besides, such as {@code AND model = :model}
 * @param bindings of the condition
 */
public record KeysetQuery(
        String table, String columns, String weight, String condition, Map<String, ?> bindings) {
    /** Of rows read at once, not counting the last: what is read is held in memory. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    /**
     * Some rows in a row.
     *
     * @param more whether others follow
     */
    public record Slice<T>(List<T> rows, boolean more) {}

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
        record Row<R>(R value, int rows) {}
        var after = page.after().map(id -> createdAt(handle, owner, id));
        var query =
                handle.createQuery(sql(page, after.isPresent()))
                        .bind("owner", owner)
                        .bind("limit", page.limit() + 1)
                        .bind("bytes", MAX_BYTES)
                        .bindMap(bindings);
        after.ifPresent(time -> query.bind("time", time).bind("id", page.after().orElseThrow()));
        var mapper = ConstructorMapper.of(type);
        var rows =
                query.map((row, context) ->
                                new Row<>(mapper.map(row, context), row.getInt("page_rows")))
                        .list();
        boolean more =
                rows.size() > page.limit()
                        || (!rows.isEmpty() && rows.getFirst().rows() > rows.size());
        return new Slice<>(rows.stream().limit(page.limit()).map(Row::value).toList(), more);
    }

    private String sql(PageRequest page, boolean isContinued) {
        var past = isContinued ? "AND (created_at, id) " + page.past() + " (:time, :id)" : "";
        var order = "created_at %1$s, id %1$s".formatted(page.direction());
        return """
        WITH page AS (
          SELECT %1$s, %2$s AS weight FROM %3$s WHERE owner = :owner %4$s %5$s
          ORDER BY %6$s LIMIT :limit),
        sized AS (
          SELECT *, count(*) OVER () AS page_rows, sum(weight) OVER (
            ORDER BY %6$s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
          FROM page)
        SELECT * FROM sized WHERE coalesce(before, 0) < :bytes ORDER BY %6$s
        """
                .formatted(columns, weight, table, condition, past, order);
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
