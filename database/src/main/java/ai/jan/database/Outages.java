// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells a database that cannot work now from a statement that is wrong. */
final class Outages {
    /**
     * SQLSTATE classes (PostgreSQL, appendix A): connection, authorization (the role may not exist
     * yet), rolled back by the server (deadlock, failover), resources, operator intervention (with
     * statement_timeout), system error.
     */
    private static final Set<String> CLASSES = Set.of("08", "28", "40", "53", "57", "58");

    /** Read-only after a failover, lock_timeout, and a database that does not exist (yet). */
    private static final Set<String> STATES = Set.of("25006", "55P03", "3D000");

    private Outages() {}

    static boolean isOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException
                    || (cause instanceof SQLException e && isOutage(e.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOutage(@Nullable String state) {
        return state != null
                && state.length() == 5
                && (CLASSES.contains(state.substring(0, 2)) || STATES.contains(state));
    }
}
