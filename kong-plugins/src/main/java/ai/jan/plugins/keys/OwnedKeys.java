// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import ai.jan.database.Database;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What owners do with their keys. Every statement names the owner, so nobody reaches another's.
 * Thread-safe.
 */
public final class OwnedKeys {
    /** Revoked and expired keys are kept as a record; of these so many are listed. */
    private static final int LISTED = 200;

    private final Database database;
    private final KeyMint mint;

    /** What became of a rotation. */
    public sealed interface Rotation {
        record Rotated(IssuedKey key) implements Rotation {}

        /** The owner has twice as many active keys as allowed, through rotations under way. */
        record TooMany() implements Rotation {}

        /** The owner has no such active key. */
        record Unknown() implements Rotation {}
    }

    public OwnedKeys(Database database, KeyHasher hasher, SecureRandom random) {
        this.database = database;
        this.mint = new KeyMint(hasher, random);
    }

    /**
     * Issues a key, unless its owner has as many active ones as allowed.
     *
     * @param limit of active keys
     */
    public Optional<IssuedKey> create(NewKey key, int limit, Instant now) {
        return database.inTransaction(handle -> {
            lock(handle, key.owner());
            return active(handle, key.owner(), now) < limit
                    ? Optional.of(mint.issue(handle, key))
                    : Optional.empty();
        });
    }

    /** The newest first. */
    public List<KeyEntry> list(String owner) {
        return database.with(handle ->
                handle.createQuery(
                                "SELECT "
                                        + KeyEntry.COLUMNS
                                        + " FROM identity.api_keys WHERE owner = :owner"
                                        + " ORDER BY created_at DESC, id LIMIT :limit")
                        .bind("owner", owner)
                        .bind("limit", LISTED)
                        .map((row, _) -> KeyEntry.of(row))
                        .list());
    }

    /**
     * Ends a key; every node refuses it within a second.
     *
     * @return whether the owner has such a key; one that was revoked before counts
     */
    public boolean revoke(String owner, UUID id, Instant now) {
        return database.with(handle ->
                handle.createUpdate(
                                """
                                UPDATE identity.api_keys SET revoked_at = coalesce(revoked_at, :now)
                                WHERE owner = :owner AND id = :id
                                """)
                        .bind("now", now.atOffset(ZoneOffset.UTC))
                        .bind("owner", owner)
                        .bind("id", id)
                        .execute())
                == 1;
    }

    /**
     * Replaces a key by a new one of the same name and scopes; the old one works on for a while.
     *
     * @param replacement of the key; its name and scopes do not matter
     * @param overlap for how long the old key works, unless it ends before
     * @param limit of active keys; while rotations are under way there may be twice as many
     */
    public Rotation rotate(UUID id, NewKey replacement, Duration overlap, int limit, Instant now) {
        return database.inTransaction(handle -> {
            var owner = replacement.owner();
            lock(handle, owner);
            var old = replaceable(handle, owner, id, now);
            if (old.isEmpty()) {
                return new Rotation.Unknown();
            }
            if (active(handle, owner, now) >= 2 * limit) {
                return new Rotation.TooMany();
            }
            handle.createUpdate(
                            """
                            UPDATE identity.api_keys SET expires_at = least(expires_at, :end)
                            WHERE id = :id
                            """)
                    .bind("end", now.plus(overlap).atOffset(ZoneOffset.UTC))
                    .bind("id", id)
                    .execute();
            return new Rotation.Rotated(
                    mint.issue(handle, replacement.with(old.get().name(), old.get().scopes())));
        });
    }

    /** Deletes all keys of an owner who is no more; every node refuses them within a second. */
    public void removeAll(String owner) {
        database.with(handle ->
                handle.createUpdate("DELETE FROM identity.api_keys WHERE owner = :owner")
                        .bind("owner", owner)
                        .execute());
    }

    private record Replaceable(String name, Set<String> scopes) {}

    private static Optional<Replaceable> replaceable(
            Handle handle, String owner, UUID id, Instant now) {
        return handle.createQuery(
                        """
                        SELECT name, scopes FROM identity.api_keys
                        WHERE owner = :owner AND id = :id AND revoked_at IS NULL
                          AND (expires_at IS NULL OR expires_at > :now)
                        """)
                .bind("owner", owner)
                .bind("id", id)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .map((row, _) ->
                        new Replaceable(
                                row.getString("name"), ApiKeys.texts(row.getArray("scopes"))))
                .findOne();
    }

    /** Makes the owner's requests wait for each other, so that none overtakes the count. */
    private static void lock(Handle handle, String owner) {
        handle.createQuery("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(:owner, 0))")
                .bind("owner", "api_keys " + owner)
                .mapTo(int.class)
                .one();
    }

    private static int active(Handle handle, String owner, Instant now) {
        return handle.createQuery(
                        """
                        SELECT count(*) FROM identity.api_keys
                        WHERE owner = :owner AND revoked_at IS NULL
                          AND (expires_at IS NULL OR expires_at > :now)
                        """)
                .bind("owner", owner)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .mapTo(int.class)
                .one();
    }
}
