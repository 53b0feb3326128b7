// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What an owner sees of a key.
 *
 * @param prefix the first characters of its text
 * @param suffix the last characters of its text
 */
public record KeyEntry(
        String id,
        String name,
        String prefix,
        String suffix,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {
    static final String COLUMNS =
            "id, name, prefix, suffix, created_at, expires_at, revoked_at, last_used_at";

    /** Whether a key may be used. */
    public enum Status {
        ACTIVE,
        EXPIRED,
        REVOKED
    }

    public Status statusAt(Instant now) {
        if (revokedAt != null) {
            return Status.REVOKED;
        }
        return expiresAt != null && !now.isBefore(expiresAt) ? Status.EXPIRED : Status.ACTIVE;
    }

    /** Of a row with {@link #COLUMNS}. */
    static KeyEntry of(ResultSet row) throws SQLException {
        return new KeyEntry(
                row.getString("id"),
                row.getString("name"),
                row.getString("prefix"),
                row.getString("suffix"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                time(row, "expires_at"),
                time(row, "revoked_at"),
                time(row, "last_used_at"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
