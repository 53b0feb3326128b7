// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.database.TestingLink;
import ai.jan.kit.config.Secret;
import ai.jan.plugins.NoticeListener;
import ai.jan.plugins.TestingClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** API keys on a real PostgreSQL that can be cut off and frozen. */
@Timeout(60)
class ApiKeysIT {
    private final TestingClock clock = new TestingClock();
    private final KeyHasher hasher = new KeyHasher(new Secret("a pepper for this test"));
    private TestingDatabase postgres;
    private TestingLink link;
    private Database database;
    private ApiKeys keys;
    private KeyOwners owners;
    private ApiKeyVerifier verifier;
    private NoticeListener listener;

    @BeforeEach
    void open() throws Exception {
        postgres = TestingDatabase.migrated();
        link = TestingLink.to(postgres.port());
        var direct = postgres.settings(LoginRole.PLUGINS);
        database =
                Database.open(
                        new DatabaseSettings(
                                direct.url().replace(":" + postgres.port(), ":" + link.port()),
                                direct.user(),
                                direct.password()),
                        "kong-plugins");
        keys = new ApiKeys(database, hasher, new SecureRandom());
        owners = new KeyOwners(database);
        verifier = new ApiKeyVerifier(hasher, keys, clock);
        listener = NoticeListener.start(database, verifier);
        await(() -> isListening());
    }

    @AfterEach
    void close() throws Exception {
        listener.close();
        database.close();
        link.close();
        postgres.close();
    }

    @Test
    void acceptsTheKeyThatItIssued() {
        var text = create(null);
        assertThat(verifier.check(text))
                .isInstanceOfSatisfying(
                        KeyCheck.Accepted.class,
                        accepted -> {
                            assertThat(accepted.key().owner()).isEqualTo("owner-1");
                            assertThat(accepted.key().plan()).isEqualTo("pro");
                            assertThat(accepted.key().roles())
                                    .containsExactlyInAnyOrder("user", "admin");
                            assertThat(accepted.key().scopes()).containsExactly("chat");
                            assertThat(accepted.key().expiresAt()).isNull();
                        });
    }

    @Test
    void keepsNoKeyInTheDatabase() {
        var text = create(null);
        var row =
                database.with(handle ->
                        handle.createQuery("SELECT k::text FROM identity.api_keys k")
                                .mapTo(String.class)
                                .one());
        assertThat(row).contains(hasher.hash(text).hex()).doesNotContain(text.substring(14));
    }

    @Test
    void refusesAnUnknownKey() {
        assertThat(verifier.check("sk_live_" + "0".repeat(48)))
                .isInstanceOf(KeyCheck.Refused.class);
    }

    @Test
    void refusesAnExpiredKey() {
        var text = create(clock.instant().plusSeconds(1));
        assertThat(verifier.check(text)).isInstanceOf(KeyCheck.Accepted.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(verifier.check(text)).isInstanceOf(KeyCheck.Refused.class);
    }

    @Test
    void refusesARevokedKeyWithinASecond() {
        var text = create(null);
        assertThat(verifier.check(text)).isInstanceOf(KeyCheck.Accepted.class);
        postgres.execute("UPDATE identity.api_keys SET revoked_at = now()");
        await(() -> verifier.check(text) instanceof KeyCheck.Refused);
    }

    @Test
    void refusesADeletedKeyWithinASecond() {
        var text = create(null);
        assertThat(verifier.check(text)).isInstanceOf(KeyCheck.Accepted.class);
        postgres.execute("DELETE FROM identity.api_keys");
        await(() -> verifier.check(text) instanceof KeyCheck.Refused);
    }

    @Test
    void refusesTheKeysOfAnOwnerWhoIsNotActiveUntilHeIsAgain() {
        var text = create(null);
        assertThat(verifier.check(text)).isInstanceOf(KeyCheck.Accepted.class);
        owners.note("owner-1", false, Set.of("user", "admin"));
        await(() -> verifier.check(text) instanceof KeyCheck.Refused);
        owners.note("owner-1", true, Set.of("user", "admin"));
        await(() -> verifier.check(text) instanceof KeyCheck.Accepted);
        assertThat(accepted(text).isReduced()).isFalse();
    }

    @Test
    void givesAKeyNoRoleThatItsOwnerLostOrNeverGaveIt() {
        var text = create(null);
        assertThat(accepted(text).roles()).containsExactlyInAnyOrder("user", "admin");
        owners.note("owner-1", true, Set.of("user", "pro"));
        await(() -> accepted(text).roles().equals(Set.of("user")));
        assertThat(accepted(text).isReduced()).isTrue();
    }

    @Test
    void revokesTheKeysOfAnOwnerWhoIsNoMore() {
        var text = create(null);
        owners.note("owner-1", true, Set.of("user"));
        assertThat(owners.all()).containsExactly("owner-1");
        assertThat(owners.isKnown("owner-1")).isTrue();
        owners.remove("owner-1");
        await(() -> verifier.check(text) instanceof KeyCheck.Refused);
        assertThat(owners.all()).isEmpty();
        assertThat(owners.isKnown("owner-1")).isFalse();
    }

    @Test
    void notesNothingOfThoseWhoHaveNoKeys() {
        owners.note("somebody", false, Set.of());
        assertThat(owners.isKnown("somebody")).isFalse();
    }

    @Test
    void forgetsEverythingWhenItHearsAgainAfterAnOutage() {
        var text = create(null);
        assertThat(verifier.check(text)).isInstanceOf(KeyCheck.Accepted.class);
        link.cut();
        postgres.execute("UPDATE identity.api_keys SET revoked_at = now()"); // nobody hears it
        assertThat(verifier.check(text)).isInstanceOf(KeyCheck.Accepted.class);
        link.repair();
        await(() -> verifier.check(text) instanceof KeyCheck.Refused, Duration.ofSeconds(15));
    }

    @Test
    void cannotTellOfAnUnknownKeyWhileTheDatabaseIsDownButKeepsKnownOnes() {
        var known = create(null);
        var unknown = create(null);
        verifier.check(known);
        link.cut();
        var start = System.nanoTime();
        assertThat(verifier.check(unknown)).isInstanceOf(KeyCheck.Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(verifier.check(known)).isInstanceOf(KeyCheck.Accepted.class);
        link.repair();
        await(() -> verifier.check(unknown) instanceof KeyCheck.Accepted, Duration.ofSeconds(15));
    }

    @Test
    void cannotTellOfAnUnknownKeyWhileTheDatabaseIsFrozen() {
        var known = create(null);
        var unknown = create(null);
        verifier.check(known);
        link.freeze();
        var start = System.nanoTime();
        assertThat(verifier.check(unknown)).isInstanceOf(KeyCheck.Unavailable.class);
        assertThat(verifier.check(known)).isInstanceOf(KeyCheck.Accepted.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        link.repair();
    }

    private String create(Instant expiresAt) {
        return keys.create(
                new NewKey(
                        "owner-1",
                        "a key",
                        "pro",
                        Set.of("user", "admin"),
                        Set.of("chat"),
                        null,
                        expiresAt));
    }

    private ApiKey accepted(String text) {
        return ((KeyCheck.Accepted) verifier.check(text)).key();
    }

    private boolean isListening() {
        return database.with(handle ->
                handle.createQuery(
                                "SELECT count(*) FROM pg_stat_activity"
                                        + " WHERE application_name = 'kong-plugins listener'"
                                        + " AND datname = current_database() AND query LIKE 'LISTEN%'")
                        .mapTo(int.class)
                        .one())
                == 1;
    }

    private static void await(BooleanSupplier condition) {
        await(condition, Duration.ofSeconds(1));
    }

    private static void await(BooleanSupplier condition, Duration limit) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
