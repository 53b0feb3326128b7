// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.config.Secret;
import ai.jan.plugins.keys.ApiKey;
import ai.jan.plugins.keys.ApiKeys;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.NewKey;
import ai.jan.plugins.revocation.FindRevocation.Verdict;
import ai.jan.plugins.revocation.Revocations;
import ai.jan.plugins.revocation.RevokedTokens;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from an operator's changes, on a real PostgreSQL. */
@Timeout(60)
class RealmWatchIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final Instant EARLIER = NOW.minusSeconds(30);

    private final TestingRealm realm = new TestingRealm();
    private final KeyHasher hasher = new KeyHasher(new Secret("a pepper for this test"));
    private TestingDatabase postgres;
    private Database database;
    private ApiKeys keys;
    private RevokedTokens revoked;
    private RealmWatch watch;

    @BeforeEach
    void open() {
        postgres = TestingDatabase.migrated();
        database = postgres.open(LoginRole.PLUGINS);
        keys = new ApiKeys(database, hasher, new SecureRandom());
        var revocations = new Revocations(database, Clock.systemUTC());
        revoked = new RevokedTokens(revocations, Clock.systemUTC());
        watch = new RealmWatch(realm, database, revocations);
    }

    @AfterEach
    void close() {
        database.close();
        postgres.close();
    }

    @ParameterizedTest
    @CsvSource({
        "USER, DELETE, users/ada",
        "USER, ACTION, users/ada/logout",
        "REALM_ROLE_MAPPING, DELETE, users/ada/role-mappings/realm",
        "GROUP_MEMBERSHIP, DELETE, users/ada/groups/team",
    })
    void revokesTheOlderTokensOfWhoLosesSomething(String resource, String operation, String path) {
        realm.happens(NOW, resource, operation, path);
        watch.run();
        assertThat(verdict("s", "ada", EARLIER)).isEqualTo(Verdict.REVOKED);
        assertThat(verdict("s", "ada", NOW)).isEqualTo(Verdict.GOOD);
        assertThat(verdict("s", "bob", EARLIER)).isEqualTo(Verdict.GOOD);
    }

    @Test
    void revokesTheTokensOfADisabledUserButNotOfOneWhoseNameChanged() {
        realm.happens(NOW, "USER", "UPDATE", "users/ada");
        watch.run();
        assertThat(verdict("s", "ada", EARLIER)).isEqualTo(Verdict.GOOD);
        realm.users.put("ada", new Realm.User.Known(false, Set.of("user")));
        realm.happens(NOW, "USER", "UPDATE", "users/ada");
        watch.run();
        assertThat(verdict("s", "ada", EARLIER)).isEqualTo(Verdict.REVOKED);
    }

    @ParameterizedTest
    @CsvSource({"USER_SESSION, DELETE, sessions/session-1", "LOGOUT, LOGOUT, session-1"})
    void revokesTheTokensOfASessionThatEnded(String resource, String operation, String path) {
        realm.happens(NOW, resource, operation, path);
        watch.run();
        assertThat(verdict("session-1", "ada", EARLIER)).isEqualTo(Verdict.REVOKED);
        assertThat(verdict("session-2", "ada", EARLIER)).isEqualTo(Verdict.GOOD);
    }

    @ParameterizedTest
    @CsvSource({
        "REALM, ACTION, logout-all",
        "REALM_ROLE, DELETE, roles/pro",
        "REALM_ROLE, UPDATE, roles/pro",
        "REALM_ROLE, DELETE, roles-by-id/1/composites",
        "REALM_ROLE_MAPPING, DELETE, groups/team/role-mappings/realm",
        "GROUP, DELETE, groups/team",
    })
    void revokesEverybodysOlderTokensWhenManyMayHaveLostSomething(
            String resource, String operation, String path) {
        realm.happens(NOW, resource, operation, path);
        watch.run();
        assertThat(verdict("s", "anybody", EARLIER)).isEqualTo(Verdict.REVOKED);
        assertThat(verdict("s", "anybody", NOW)).isEqualTo(Verdict.GOOD);
    }

    @ParameterizedTest
    @CsvSource({
        "USER, CREATE, users/ada",
        "USER, ACTION, users/ada/reset-password",
        "REALM_ROLE_MAPPING, CREATE, users/ada/role-mappings/realm",
        "GROUP_MEMBERSHIP, CREATE, users/ada/groups/team",
        "REALM_ROLE, CREATE, roles/new",
        "CLIENT, DELETE, clients/x",
        "REALM, UPDATE, ''",
        "USER_SESSION, DELETE, ''",
    })
    void revokesNothingWhereNobodyLosesAnything(String resource, String operation, String path) {
        realm.happens(NOW, resource, operation, path);
        watch.run();
        assertThat(verdict("s", "ada", EARLIER)).isEqualTo(Verdict.GOOD);
    }

    @Test
    void leavesToUsWhatWeDidOurselves() {
        realm.happens(NOW, "GROUP_MEMBERSHIP", "DELETE", "users/ada/groups/guests", true);
        realm.happens(NOW, "USER", "UPDATE", "users/ada", true);
        watch.run();
        assertThat(verdict("s", "ada", EARLIER)).isEqualTo(Verdict.GOOD);
        realm.happens(NOW, "USER", "DELETE", "users/ada", true);
        watch.run();
        assertThat(verdict("s", "ada", EARLIER)).isEqualTo(Verdict.REVOKED);
    }

    @Test
    void takesFromApiKeysWhatTheirOwnerLost() {
        var key = key("ada");
        realm.users.put("ada", new Realm.User.Known(true, Set.of("user")));
        realm.happens(NOW, "REALM_ROLE_MAPPING", "DELETE", "users/ada/role-mappings/realm");
        watch.run();
        assertThat(found(key).orElseThrow().roles()).containsExactly("user");
        assertThat(found(key).orElseThrow().isReduced()).isTrue();

        realm.users.put("ada", new Realm.User.Known(false, Set.of("user", "pro")));
        realm.happens(NOW, "USER", "UPDATE", "users/ada");
        watch.run();
        assertThat(found(key)).isEmpty();

        realm.users.put("ada", new Realm.User.Known(true, Set.of("user", "pro")));
        realm.happens(NOW, "USER", "UPDATE", "users/ada");
        watch.run();
        assertThat(found(key).orElseThrow().isReduced()).isFalse();

        realm.happens(NOW, "USER", "DELETE", "users/ada");
        watch.run();
        assertThat(found(key)).isEmpty();
    }

    @Test
    void looksAtAllOwnersNowAndThenInCaseAnEventWasMissed() {
        var disabled = key("ada");
        var local = key("local");
        realm.users.put("ada", new Realm.User.Known(false, Set.of()));
        realm.users.put("local", new Realm.User.Gone());
        watch.run();
        assertThat(found(disabled)).isEmpty();
        assertThat(found(local)).as("Keycloak never had this owner").isPresent();

        realm.users.put("ada", new Realm.User.Gone());
        postgres.execute("UPDATE identity.realm_watch SET owners_seen = now() - interval '2 h'");
        watch.run();
        realm.users.put("ada", new Realm.User.Known(true, Set.of("user", "pro")));
        postgres.execute("UPDATE identity.realm_watch SET owners_seen = now() - interval '2 h'");
        watch.run();
        assertThat(found(disabled)).as("revoked for good").isEmpty();
    }

    @Test
    void losesNothingThatHappensWhileTheRealmOrThisNodeIsDown() {
        watch.run();
        realm.happens(NOW, "USER", "ACTION", "users/ada/logout");
        realm.down = true;
        assertThatThrownBy(() -> watch.run()).isInstanceOf(IllegalStateException.class);
        realm.down = false;
        watch.run();
        assertThat(verdict("s", "ada", EARLIER)).isEqualTo(Verdict.REVOKED);

        realm.happens(NOW.plusSeconds(1), "USER", "ACTION", "users/bob/logout");
        postgres.execute("UPDATE identity.realm_watch SET held_until = '-infinity'");
        another().run();
        assertThat(verdict("s", "bob", EARLIER)).isEqualTo(Verdict.REVOKED);
    }

    @Test
    void readsMoreEventsThanFitIntoOneAnswer() {
        for (var i = 0; i < 1200; i++) {
            realm.happens(NOW.plusMillis(i / 3), "CLIENT", "UPDATE", "clients/x");
        }
        realm.happens(NOW.plusSeconds(1), "USER", "ACTION", "users/ada/logout");
        watch.run();
        assertThat(verdict("s", "ada", EARLIER)).isEqualTo(Verdict.REVOKED);
    }

    @Test
    void followsOnOneNodeAtATimeAndOnAnotherWhenThatOneIsFrozen() throws Exception {
        watch.run();
        var other = another();
        realm.asked.set(0);
        other.run();
        assertThat(realm.asked).hasValue(0);

        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (realm.asked.get() == 0) { // the first one does nothing any more
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
            other.run();
        }
    }

    @Test
    void goesOnByItself() throws Exception {
        try (var running =
                RealmWatch.start(realm, database, new Revocations(database, Clock.systemUTC()))) {
            assertThat(running).isNotNull();
            realm.happens(NOW, "USER", "ACTION", "users/ada/logout");
            var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (verdict("s", "ada", EARLIER) == Verdict.GOOD) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(50);
            }
        }
        realm.asked.set(0);
        another().run();
        assertThat(realm.asked).as("it has let go").hasPositiveValue();
    }

    private RealmWatch another() {
        return new RealmWatch(realm, database, new Revocations(database, Clock.systemUTC()));
    }

    private Verdict verdict(String sid, String sub, Instant issuedAt) {
        revoked.connected(); // reads the table
        return revoked.verdict(sid, sub, issuedAt);
    }

    private String key(String owner) {
        return keys.create(
                new NewKey(owner, "a key", "pro", Set.of("user", "pro"), Set.of(), null, null));
    }

    private Optional<ApiKey> found(String key) {
        return keys.find(hasher.hash(key));
    }
}
