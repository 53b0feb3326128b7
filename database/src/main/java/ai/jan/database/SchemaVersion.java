// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which migration the database has reached. Processes check it when they start and wait; they do
 * not migrate.
 */
public final class SchemaVersion {
    /** The version this build works with; newer ones are compatible with it. */
    public static final int EXPECTED = 14;

    private static final Logger log = LoggerFactory.getLogger(SchemaVersion.class);

    private SchemaVersion() {}

    /**
     * Waits until the database has at least the expected version.
     *
     * @param attempts how often to look; the pauses between grow from 0.25 s to 5 s, so that 30
     *     attempts are about two minutes
     * @throws DatabaseUnavailable if it has not reached it then
     */
    public static void await(Database database, int attempts) {
        for (int attempt = 1; ; attempt++) {
            var state = state(database);
            if (state.isEmpty()) {
                return;
            }
            if (attempt >= attempts) {
                throw new DatabaseUnavailable(state.get());
            }
            log.info(
                    "waiting for the database: {} (attempt {} of {})",
                    state.get(),
                    attempt,
                    attempts);
            Pause.of(attempt);
        }
    }

    /** What is wrong, in words, or nothing if the version is reached. */
    public static Optional<String> state(Database database) {
        try {
            var version = reached(database);
            return version >= EXPECTED
                    ? Optional.empty()
                    : Optional.of(
                            "it is at version %d, version %d is needed: run the migration"
                                    .formatted(version, EXPECTED));
        } catch (DatabaseUnavailable e) {
            return Optional.of("it does not answer, or this process cannot log in");
        } catch (JdbiException e) {
            return Optional.of("it has not been migrated: run the migration");
        }
    }

    private static int reached(Database database) {
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT coalesce(max(version::int), 0) FROM %s.%s
                                WHERE success AND version IS NOT NULL
                                """
                                        .formatted(
                                                Migration.HISTORY_SCHEMA, Migration.HISTORY_TABLE))
                        .mapTo(int.class)
                        .one());
    }
}
