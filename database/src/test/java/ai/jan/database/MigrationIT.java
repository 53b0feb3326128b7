// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.config.Secret;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class MigrationIT {
    @Test
    void reachesTheVersionThisBuildExpectsAndMayBeRunAgain() {
        try (var empty = TestingDatabase.empty()) {
            assertThat(Migration.run(empty.migration())).isEqualTo(SchemaVersion.EXPECTED);
            assertThat(Migration.run(empty.migration())).isEqualTo(SchemaVersion.EXPECTED);
        }
    }

    @Test
    void changesThePasswordOfARoleWhenRunWithAnother() {
        try (var database = TestingDatabase.migrated()) {
            var passwords = new EnumMap<>(database.migration().passwords());
            passwords.put(LoginRole.PLUGINS, new Secret("it's \"another\" one"));
            Migration.run(new MigrationSettings(database.owner(), passwords));
            try (var old = database.open(LoginRole.PLUGINS);
                    var changed =
                            Database.open(
                                    database.owner()
                                            .as("jan_plugins", passwords.get(LoginRole.PLUGINS)),
                                    "test")) {
                assertThat(old.isReachable()).isFalse();
                assertThat(changed.isReachable()).isTrue();
            } finally {
                Migration.run(database.migration());
            }
        }
    }

    @Test
    void processesWaitForTheMigrationAndGiveUpInTheEnd() {
        try (var empty = TestingDatabase.empty();
                var database = empty.open(LoginRole.LLM_API)) {
            assertThatThrownBy(() -> SchemaVersion.await(database, 2))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageContaining("migrat");
            Migration.run(empty.migration());
            SchemaVersion.await(database, 1);
            assertThat(SchemaVersion.state(database)).isEmpty();
        }
    }

    @Test
    void aRoleCannotReadWhatItIsNotGranted() {
        try (var migrated = TestingDatabase.migrated();
                var plugins = migrated.open(LoginRole.PLUGINS);
                var llmApi = migrated.open(LoginRole.LLM_API)) {
            assertThatThrownBy(() -> count(plugins, "chat.conversations"))
                    .isInstanceOf(JdbiException.class)
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> count(llmApi, "identity.api_keys"))
                    .isInstanceOf(JdbiException.class)
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() ->
                            llmApi.with(
                                    handle -> handle.execute("CREATE TABLE public.mine (x int)")))
                    .isInstanceOf(JdbiException.class)
                    .hasMessageContaining("permission denied");
            assertThat(count(plugins, "identity.api_keys")).isZero();
            assertThat(count(llmApi, "chat.conversations")).isZero();
        }
    }

    @Test
    void everyNodeHearsOfARevokedKeyButNotOfItsUse() throws Exception {
        var hash = new byte[32];
        hash[0] = 7;
        try (var migrated = TestingDatabase.migrated();
                var plugins = migrated.open(LoginRole.PLUGINS);
                var listener = plugins.dedicatedConnection();
                var listen = listener.createStatement()) {
            listen.execute("LISTEN api_keys");
            plugins.with(handle ->
                    handle.createUpdate(
                                    """
                                    INSERT INTO identity.api_keys (id, key_hash, prefix, suffix, owner, name, plan)
                                    VALUES (:id, :hash, 'sk_live_ab', 'yz', 'alice', 'laptop', 'free')
                                    """)
                            .bind("id", UUID.randomUUID())
                            .bind("hash", hash)
                            .execute());
            plugins.with(
                    handle -> handle.execute("UPDATE identity.api_keys SET last_used_at = now()"));
            plugins.with(
                    handle -> handle.execute("UPDATE identity.api_keys SET revoked_at = now()"));

            var heard = listener.unwrap(PGConnection.class).getNotifications(5_000);

            assertThat(heard).hasSize(1);
            assertThat(heard[0].getName()).isEqualTo("api_keys");
            assertThat(heard[0].getParameter()).isEqualTo(HexFormat.of().formatHex(hash));
        }
    }

    private static int count(Database database, String table) {
        return database.with(handle ->
                handle.createQuery("SELECT count(*) FROM " + table).mapTo(int.class).one());
    }
}
