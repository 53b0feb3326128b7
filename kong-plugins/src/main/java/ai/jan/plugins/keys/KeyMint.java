// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import java.security.SecureRandom;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Makes keys and inserts them. */
final class KeyMint {
    private final KeyHasher hasher;
    private final SecureRandom random;

    KeyMint(KeyHasher hasher, SecureRandom random) {
        this.hasher = hasher;
        this.random = random;
    }

    IssuedKey issue(Handle handle, NewKey key) {
        var text = ApiKeyText.generate(random);
        var expiresAt = key.expiresAt();
        var entry =
                handle.createQuery(
                                """
                                INSERT INTO identity.api_keys
                                  (id, key_hash, prefix, suffix, owner, name, plan, roles, scopes, team, expires_at)
                                VALUES
                                  (:id, :hash, :prefix, :suffix, :owner, :name, :plan, :roles, :scopes, :team, :expiresAt)
                                RETURNING id, name, prefix, suffix, created_at, expires_at, revoked_at, last_used_at
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
                        .bind("team", key.team())
                        .bind(
                                "expiresAt",
                                expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC))
                        .map((row, _) -> KeyEntry.of(row))
                        .one();
        return new IssuedKey(text, entry);
    }
}
