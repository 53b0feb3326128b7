// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.objects;

import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Reads rows that may be large. What is read is held in memory: there are fewer rows than were
 * asked for where those are enough bytes.
 *
 * @param rows SQL that selects {@code :rows} rows at most, in order, with their bytes as {@code
 *     weight}
 * @param order of them, such as {@code sequence DESC}
 */
public record BoundedQuery(String rows, String order) {
    /** Of rows read at once, not counting the last. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    private record Counted<T>(T row, int rows) {}

    /**
     * @param limit of rows; one more is looked for, to know whether others follow
     * @param bindings of {@link #rows}
     */
    public <T> Slice<T> read(
            Handle handle, int limit, Map<String, ?> bindings, RowMapper<T> mapper) {
        var read =
                handle.createQuery(sql())
                        .bindMap(bindings)
                        .bind("rows", limit + 1)
                        .bind("bytes", MAX_BYTES)
                        .map((row, context) ->
                                new Counted<>(
                                        mapper.map(row, context), row.getInt("selected_rows")))
                        .list();
        boolean more =
                read.size() > limit || (!read.isEmpty() && read.getFirst().rows() > read.size());
        return new Slice<>(read.stream().limit(limit).map(Counted::row).toList(), more);
    }

    private String sql() {
        return """
        WITH selected AS (%1$s),
        sized AS (
          SELECT *, count(*) OVER () AS selected_rows,
            sum(weight) OVER (
              ORDER BY %2$s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS weight_before
          FROM selected)
        SELECT * FROM sized WHERE coalesce(weight_before, 0) < :bytes ORDER BY %2$s
        """
                .formatted(rows, order);
    }
}
