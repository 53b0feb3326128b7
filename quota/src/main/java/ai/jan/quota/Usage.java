// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What was used on one day (UTC).
 *
 * @param model asked for; null for requests that use none
 * @param money in billionths of the currency's unit
 */
public record Usage(
        LocalDate day,
        @Nullable String model,
        long requests,
        long promptTokens,
        long completionTokens,
        long money) {
    static Usage of(ResultSet row) throws SQLException {
        return new Usage(
                row.getObject("day", LocalDate.class),
                row.getString("model"),
                row.getLong("requests"),
                row.getLong("prompt_tokens"),
                row.getLong("completion_tokens"),
                row.getLong("money"));
    }
}
