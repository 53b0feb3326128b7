// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import ai.jan.database.Database;
import java.util.List;
import java.util.Set;

/**
 * What the identity provider says of those who own API keys. Every node knows within a second: the
 * keys of an owner who is not active are refused, and none has a role that its owner lost.
 * Thread-safe; every method throws {@link ai.jan.database.DatabaseUnavailable} if the server cannot
 * do it now.
 */
public final class KeyOwners {
    private final Database database;

    public KeyOwners(Database database) {
        this.database = database;
    }

    /** Those who have keys that may be used, now or when they are active again. */
    public List<String> all() {
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT DISTINCT owner FROM identity.api_keys
                                WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
                                ORDER BY owner
                                """)
                        .mapTo(String.class)
                        .list());
    }

    /**
     * Notes what is said of somebody, if they own keys.
     *
     * @param roles realm roles
     */
    public void note(String subject, boolean active, Set<String> roles) {
        database.with(handle ->
                handle.createUpdate(
                                """
                                INSERT INTO identity.owners (subject, active, roles)
                                SELECT :subject, :active, :roles
                                WHERE EXISTS (SELECT 1 FROM identity.api_keys
                                              WHERE owner = :subject AND revoked_at IS NULL)
                                ON CONFLICT (subject) DO UPDATE SET
                                  active = excluded.active, roles = excluded.roles, read_at = excluded.read_at
                                """)
                        .bind("subject", subject)
                        .bind("active", active)
                        .bindArray("roles", String.class, roles.stream().sorted().toList())
                        .execute());
    }

    /** Whether somebody has such keys. */
    public boolean areKeysOf(String subject) {
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT EXISTS (SELECT 1 FROM identity.api_keys
                                               WHERE owner = :subject AND revoked_at IS NULL)
                                """)
                        .bind("subject", subject)
                        .mapTo(boolean.class)
                        .one());
    }

    /** Whether anything was ever noted of somebody. */
    public boolean isKnown(String subject) {
        return database.with(handle ->
                handle.createQuery(
                                "SELECT EXISTS (SELECT 1 FROM identity.owners WHERE subject = :subject)")
                        .bind("subject", subject)
                        .mapTo(boolean.class)
                        .one());
    }

    /** Revokes all keys of somebody who is no more. */
    public void remove(String subject) {
        database.inTransaction(handle -> {
            handle.createUpdate(
                            """
                            UPDATE identity.api_keys SET revoked_at = now()
                            WHERE owner = :subject AND revoked_at IS NULL
                            """)
                    .bind("subject", subject)
                    .execute();
            return handle.createUpdate("DELETE FROM identity.owners WHERE subject = :subject")
                    .bind("subject", subject)
                    .execute();
        });
    }
}
