// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import ai.jan.database.Database;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The table of API keys. It holds no key, only hashes. Thread-safe. */
public final class ApiKeys implements FindKey {
    private final Database database;
    private final KeyHasher hasher;
    private final SecureRandom random;

    public ApiKeys(Database database, KeyHasher hasher, SecureRandom random) {
        this.database = database;
        this.hasher = hasher;
        this.random = random;
    }

    @Override
    public Optional<ApiKey> find(KeyHash hash) {
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT id, owner, plan, roles, scopes, team, expires_at
                                FROM identity.api_keys
                                WHERE key_hash = :hash AND revoked_at IS NULL
                                """)
                        .bind("hash", hash.bytes())
                        .map((row, _) -> apiKey(row))
                        .findOne());
    }

    /** Issues a key and returns its text, which cannot be had a second time. */
    public String create(NewKey key) {
        var text = ApiKeyText.generate(random);
        var expiresAt = key.expiresAt();
        database.with(handle ->
                handle.createUpdate(
                                """
                                INSERT INTO identity.api_keys
                                  (id, key_hash, prefix, suffix, owner, name, plan, roles, scopes, expires_at)
                                VALUES
                                  (:id, :hash, :prefix, :suffix, :owner, :name, :plan, :roles, :scopes, :expiresAt)
                                """)
                        .bind("id", UUID.randomUUID())
                        .bind("hash", hasher.hash(text).bytes())
                        .bind("prefix", ApiKeyText.visibleStart(text))
                        .bind("suffix", ApiKeyText.visibleEnd(text))
                        .bind("owner", key.owner())
                        .bind("name", key.name())
                        .bind("plan", key.plan())
                        .bindArray("roles", String.class, key.roles())
                        .bindArray("scopes", String.class, key.scopes())
                        .bind(
                                "expiresAt",
                                expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC))
                        .execute());
        return text;
    }

    private static ApiKey apiKey(ResultSet row) throws SQLException {
        var expiresAt = row.getObject("expires_at", OffsetDateTime.class);
        return new ApiKey(
                row.getString("id"),
                row.getString("owner"),
                row.getString("plan"),
                texts(row.getArray("roles")),
                texts(row.getArray("scopes")),
                row.getString("team"),
                expiresAt == null ? null : expiresAt.toInstant());
    }

    private static Set<String> texts(Array array) throws SQLException {
        return Arrays.stream((String[]) array.getArray())
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }
}
