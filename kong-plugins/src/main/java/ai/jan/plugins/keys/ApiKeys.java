// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import ai.jan.database.Database;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The table of API keys. It holds no key, only hashes. Thread-safe. */
public final class ApiKeys implements FindKey, KeyUses.Store {
    private final Database database;
    private final KeyMint mint;

    public ApiKeys(Database database, KeyHasher hasher, SecureRandom random) {
        this.database = database;
        this.mint = new KeyMint(hasher, random);
    }

    @Override
    public Optional<ApiKey> find(KeyHash hash) {
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT k.id, k.owner, k.plan, k.roles, k.scopes, k.team, k.expires_at,
                                       o.roles AS owner_roles
                                FROM identity.api_keys k LEFT JOIN identity.owners o ON o.subject = k.owner
                                WHERE k.key_hash = :hash AND k.revoked_at IS NULL
                                  AND coalesce(o.active, true)
                                """)
                        .bind("hash", hash.bytes())
                        .map((row, _) -> apiKey(row))
                        .findOne());
    }

    /** Issues a key and returns its text, which cannot be had a second time. */
    public String create(NewKey key) {
        return database.with(handle -> mint.issue(handle, key)).text();
    }

    /**
     * Rows that another node is writing are left to it: its time is as good. So no two nodes ever
     * wait for each other.
     */
    @Override
    public void recordUses(Map<String, Instant> lastUses) {
        var uses = List.copyOf(lastUses.entrySet());
        database.inTransaction(handle ->
                handle.createUpdate(
                                """
                                WITH used AS (
                                  SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS u (id, at)
                                ), free AS (
                                  SELECT k.id, used.at FROM identity.api_keys k JOIN used USING (id)
                                  FOR UPDATE OF k SKIP LOCKED
                                )
                                UPDATE identity.api_keys k SET last_used_at = free.at FROM free
                                WHERE k.id = free.id AND (k.last_used_at IS NULL OR k.last_used_at < free.at)
                                """)
                        .bindArray(
                                "ids", String.class, uses.stream().map(Map.Entry::getKey).toList())
                        .bindArray(
                                "times",
                                String.class,
                                uses.stream().map(use -> use.getValue().toString()).toList())
                        .execute());
    }

    private static ApiKey apiKey(ResultSet row) throws SQLException {
        var expiresAt = row.getObject("expires_at", OffsetDateTime.class);
        var given = texts(row.getArray("roles"));
        var ofOwner = row.getArray("owner_roles");
        var roles = new HashSet<>(given);
        if (ofOwner != null) {
            roles.retainAll(texts(ofOwner));
        }
        return new ApiKey(
                row.getString("id"),
                row.getString("owner"),
                row.getString("plan"),
                roles,
                roles.size() < given.size(),
                texts(row.getArray("scopes")),
                row.getString("team"),
                expiresAt == null ? null : expiresAt.toInstant());
    }

    static Set<String> texts(Array array) throws SQLException {
        return Arrays.stream((String[]) array.getArray())
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }
}
