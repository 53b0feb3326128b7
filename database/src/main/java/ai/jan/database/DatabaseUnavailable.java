// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

/**
 * The database cannot answer now: it is down, frozen, overloaded, or restarting. Trying again later
 * may help; a service answers 503. A fault in a statement is not this, but a {@code JdbiException}.
 */
public final class DatabaseUnavailable extends RuntimeException {
    DatabaseUnavailable(String message) {
        super(message);
    }

    DatabaseUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
