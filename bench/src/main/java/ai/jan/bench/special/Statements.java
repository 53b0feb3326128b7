// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.platform.Platform;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** How many statements a role has sent to the platform's database, as its server counts them. */
final class Statements implements AutoCloseable {
    private static final String COUNT =
            """
            SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s
            JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = ?
            """;

    private final Connection connection;
    private final String role;

    private Statements(Connection connection, String role) {
        this.connection = connection;
        this.role = role;
    }

    /**
     * @throws IOException if the server does not count: it must have been started with {@code
     *     pg_stat_statements}
     */
    static Statements of(Platform platform, String role) throws IOException {
        try {
            var connection = platform.database();
            try (var statement = connection.createStatement()) {
                statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
            }
            return new Statements(connection, role);
        } catch (SQLException e) {
            throw new IOException("statements cannot be counted", e);
        }
    }

    double count() throws IOException {
        try (var query = connection.prepareStatement(COUNT)) {
            query.setString(1, role);
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getDouble(1);
            }
        } catch (SQLException e) {
            throw new IOException("statements cannot be counted", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("the connection that counts statements cannot be closed", e);
        }
    }
}
