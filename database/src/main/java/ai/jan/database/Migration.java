// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import ai.jan.kit.config.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the database to the version this build expects: roles, passwords, schemas, tables, grants.
 * Forward only; a migration that was delivered never changes. May be run again at any time and by
 * several at once: Flyway takes an advisory lock, all pending migrations commit together.
 */
public final class Migration {
    static final String HISTORY_SCHEMA = "migration";
    static final String HISTORY_TABLE = "history";
    private static final String SCRIPTS = "classpath:ai/jan/database/migration";
    private static final int CONNECT_RETRIES = 10;
    private static final Logger log = LoggerFactory.getLogger(Migration.class);

    private Migration() {}

    /**
     * @return the version reached
     * @throws DatabaseUnavailable if the server does not answer within about a minute
     * @throws FlywayException if a migration fails or the history does not match this build
     */
    public static int run(MigrationSettings settings) {
        var source = new PGSimpleDataSource();
        source.setUrl(settings.owner().url());
        settings.owner()
                .connectionProperties("jan migration")
                .forEach((name, value) -> setProperty(source, (String) name, (String) value));
        try {
            var flyway = flyway(source);
            awaitServer(source);
            createRoles(source, settings);
            flyway.migrate();
            var version = Integer.parseInt(flyway.info().current().getVersion().getVersion());
            log.info("the database is at version {}", version);
            return version;
        } catch (SQLException | FlywayException e) {
            if (Outages.isOutage(e)) {
                throw new DatabaseUnavailable("the database cannot be migrated now", e);
            }
            throw e instanceof FlywayException wrong ? wrong : new FlywayException(e);
        }
    }

    private static Flyway flyway(PGSimpleDataSource source) {
        return Flyway.configure(Migration.class.getClassLoader())
                .dataSource(source)
                .locations(SCRIPTS)
                .defaultSchema(HISTORY_SCHEMA)
                .table(HISTORY_TABLE)
                .createSchemas(true)
                .group(true)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load();
    }

    private static void awaitServer(PGSimpleDataSource source) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (var _ = source.getConnection()) {
                return;
            } catch (SQLException e) {
                if (attempt == CONNECT_RETRIES || !Outages.isOutage(e)) {
                    throw e;
                }
                log.info("the database does not answer yet (attempt {})", attempt);
                Pause.of(attempt);
            }
        }
    }

    private static void createRoles(PGSimpleDataSource source, MigrationSettings settings)
            throws SQLException {
        try (var connection = source.getConnection()) {
            for (var login : settings.passwords().entrySet()) {
                createRole(connection, login.getKey().roleName());
                setPassword(connection, login.getKey().roleName(), login.getValue());
            }
        }
    }

    private static void createRole(Connection connection, String role) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    DO $$ BEGIN
                      CREATE ROLE %s LOGIN;
                    EXCEPTION WHEN duplicate_object OR unique_violation THEN
                      NULL; -- roles belong to the whole server: it is there already
                    END $$
                    """
                            .formatted(role));
        }
    }

    /** The driver hashes it (SCRAM), so that the password is in no statement and no server log. */
    private static void setPassword(Connection connection, String role, Secret password)
            throws SQLException {
        connection
                .unwrap(PGConnection.class)
                .alterUserPassword(role, password.reveal().toCharArray(), null);
    }

    private static void setProperty(PGSimpleDataSource source, String name, String value) {
        try {
            source.setProperty(name, value);
        } catch (SQLException e) {
            throw new IllegalArgumentException("unknown property of the driver: " + name, e);
        }
    }
}
