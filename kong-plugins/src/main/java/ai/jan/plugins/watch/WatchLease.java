// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.watch;

import ai.jan.database.Database;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/**
 * Which one of all nodes follows a realm, and how far it is. A lease by the database's clock and
 * not a lock: a node that is frozen loses it, too. Thread-safe.
 */
final class WatchLease {
    private final Database database;
    private final String realm;
    private final UUID holder = UUID.randomUUID();

    WatchLease(Database database, String realm) {
        this.database = database;
        this.realm = realm;
    }

    /**
     * How far the realm was followed.
     *
     * @param seen up to which event, by Keycloak's clock
     * @param areOwnersDue whether all owners of keys should be looked at again
     */
    record Progress(Instant seen, boolean areOwnersDue) {}

    /** Takes or prolongs the lease, for two seconds; nothing if another node has it. */
    Optional<Progress> take() {
        return database.with(handle ->
                handle.createQuery(
                                """
                                INSERT INTO identity.realm_watch AS w (realm, holder, held_until, seen)
                                VALUES (:realm, :holder, clock_timestamp() + interval '2 s', now() - interval '1 h')
                                ON CONFLICT (realm) DO UPDATE SET
                                  holder = excluded.holder, held_until = excluded.held_until
                                WHERE w.holder = excluded.holder OR w.held_until < clock_timestamp()
                                RETURNING seen, owners_seen IS NULL
                                  OR owners_seen < now() - interval '1 h' AS due
                                """)
                        .bind("realm", realm)
                        .bind("holder", holder)
                        .map((row, _) ->
                                new Progress(
                                        row.getObject("seen", OffsetDateTime.class).toInstant(),
                                        row.getBoolean("due")))
                        .findOne());
    }

    /** Notes how far we are. */
    void seen(Instant time) {
        database.with(handle ->
                handle.createUpdate(
                                """
                                UPDATE identity.realm_watch SET seen = greatest(seen, :time)
                                WHERE realm = :realm
                                """)
                        .bind("time", time.atOffset(ZoneOffset.UTC))
                        .bind("realm", realm)
                        .execute());
    }

    /** Notes that all owners were looked at. */
    void ownersSeen() {
        database.with(handle ->
                handle.createUpdate(
                                "UPDATE identity.realm_watch SET owners_seen = now() WHERE realm = :realm")
                        .bind("realm", realm)
                        .execute());
    }

    /** Lets another node have it at once. */
    void release() {
        database.with(handle ->
                handle.createUpdate(
                                """
                                UPDATE identity.realm_watch SET held_until = '-infinity'
                                WHERE realm = :realm AND holder = :holder
                                """)
                        .bind("realm", realm)
                        .bind("holder", holder)
                        .execute());
    }
}
