// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.guests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.config.Secret;
import ai.jan.kit.json.Json;
import ai.jan.plugins.Http;
import ai.jan.plugins.ScriptedKeycloak;
import ai.jan.plugins.ScriptedKeycloak.Answer;
import ai.jan.plugins.TestingClock;
import ai.jan.plugins.keycloak.Keycloak;
import ai.jan.plugins.keycloak.KeycloakUnavailable;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.NewKey;
import ai.jan.plugins.keys.OwnedKeys;
import ai.jan.plugins.revocation.Revocations;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real PostgreSQL; a Keycloak that lists whom it is told to. */
@Timeout(60)
class ExpiredGuestsIT {
    private static final Duration LIFETIME = Duration.ofDays(7);
    private static final Pattern PAGE =
            Pattern.compile("GET .*/members\\?first=(\\d+)&max=(\\d+).*");
    private static final Pattern REMOVE = Pattern.compile("DELETE .*/users/(.*)");

    private final TestingClock clock = new TestingClock();
    private final TreeMap<String, Instant> members = new TreeMap<>();
    private final Set<String> immovable = Collections.synchronizedSet(new HashSet<>());
    private final List<String> erased = new ArrayList<>();
    private EraseOwned erasure = erased::add;
    private static TestingDatabase postgres;
    private static Database database;
    private ScriptedKeycloak keycloak;
    private OwnedKeys keys;
    private ExpiredGuests expired;

    @BeforeAll
    static void open() throws Exception {
        postgres = TestingDatabase.migrated();
        database = Database.open(postgres.settings(LoginRole.PLUGINS), "test");
    }

    @AfterAll
    static void close() throws Exception {
        database.close();
        postgres.close();
    }

    @BeforeEach
    void start() throws Exception {
        postgres.execute("DELETE FROM identity.api_keys");
        postgres.execute("DELETE FROM identity.revocations");
        expired = with(database);
    }

    private ExpiredGuests with(Database aDatabase) throws Exception {
        keycloak = new ScriptedKeycloak(this::answer);
        keys =
                new OwnedKeys(
                        aDatabase,
                        new KeyHasher(new Secret("a pepper for this test, 32 bytes long")),
                        new SecureRandom());
        return new ExpiredGuests(
                Keycloak.at(keycloak.settings(), Http.client(), clock).guests(),
                keys,
                erasure,
                new Revocations(aDatabase, clock),
                LIFETIME,
                clock);
    }

    @AfterEach
    void stop() {
        keycloak.close();
    }

    private synchronized Answer answer(String request) {
        var page = PAGE.matcher(request);
        if (page.matches()) {
            var listed = Json.array();
            members.entrySet().stream()
                    .skip(Integer.parseInt(page.group(1)))
                    .limit(Integer.parseInt(page.group(2)))
                    .forEach(member ->
                            listed.addObject()
                                    .put("id", member.getKey())
                                    .put("createdTimestamp", member.getValue().toEpochMilli()));
            return new Answer(200, Json.text(listed));
        }
        var removal = REMOVE.matcher(request);
        if (removal.matches()) {
            if (immovable.contains(removal.group(1))) {
                return new Answer(403, "");
            }
            members.remove(removal.group(1));
            return new Answer(204, "");
        }
        return new Answer(200, "{\"access_token\":\"t\",\"expires_in\":60}");
    }

    private void guest(String subject, Duration age) {
        members.put(subject, clock.instant().minus(age));
    }

    @Test
    void removesThoseWhoseTimeIsOverWhereverTheyAreListed() throws Exception {
        IntStream.range(0, 350)
                .forEach(i ->
                        guest(
                                "%03d".formatted(i),
                                i % 3 == 0 ? Duration.ofDays(1) : Duration.ofDays(8)));

        var pass = expired.remove();

        assertThat(pass).isEqualTo(new ExpiredGuests.Pass(233, 0));
        assertThat(members).hasSize(117);
        assertThat(expired.remove()).isEqualTo(new ExpiredGuests.Pass(0, 0));
    }

    @Test
    void lasts() throws Exception {
        guest("a", LIFETIME);
        assertThat(expired.remove().removed()).isZero();

        clock.advance(Duration.ofMillis(1));
        assertThat(expired.remove().removed()).isEqualTo(1);
    }

    @Test
    void removesTheKeysAndRevokesTheTokensOfAGuest() throws Exception {
        guest("old", Duration.ofDays(8));
        guest("young", Duration.ofDays(1));
        for (var owner : new String[] {"old", "young"}) {
            var key =
                    new NewKey(
                            owner,
                            "n",
                            "guest",
                            Set.of(),
                            Set.of(),
                            null,
                            clock.instant().plus(Duration.ofDays(90)));
            keys.create(key, 5, clock.instant());
        }

        expired.remove();

        assertThat(keys.list("old")).isEmpty();
        assertThat(keys.list("young")).hasSize(1);
        assertThat(revoked()).containsExactly("old");
        assertThat(erased).containsExactly("old");
    }

    @Test
    void keepsTheAccountUntilItsConversationsAreErased() throws Exception {
        guest("old", Duration.ofDays(8));
        keycloak.close();
        erasure =
                _ -> {
                    throw new IOException("llm-api-lite answered 503");
                };

        assertThat(with(database).remove()).isEqualTo(new ExpiredGuests.Pass(0, 1));
        assertThat(members).containsOnlyKeys("old");
    }

    @Test
    void goesOnPastAnAccountThatCannotBeRemoved() throws Exception {
        IntStream.range(0, 150).forEach(i -> guest("%03d".formatted(i), Duration.ofDays(8)));
        immovable.addAll(Set.of("000", "120"));

        assertThat(expired.remove()).isEqualTo(new ExpiredGuests.Pass(148, 2));
        assertThat(members).containsOnlyKeys("000", "120");
    }

    @Test
    void givesUpWhenNothingCanBeRemoved() throws Exception {
        IntStream.range(0, 150).forEach(i -> guest("%03d".formatted(i), Duration.ofDays(8)));
        immovable.addAll(members.keySet());

        assertThat(expired.remove().failed()).isLessThanOrEqualTo(100);
    }

    @Test
    void leavesTheAccountWhileTheDatabaseIsAway() throws Exception {
        guest("old", Duration.ofDays(8));
        keycloak.close();
        var closed = Database.open(postgres.settings(LoginRole.PLUGINS), "closed");
        closed.close();

        assertThatThrownBy(with(closed)::remove).isInstanceOf(RuntimeException.class);

        assertThat(members).containsOnlyKeys("old");
    }

    @Test
    void removesNobodyWhileKeycloakIsAway() throws Exception {
        keycloak.now(_ -> new Answer(500, ""));

        assertThatThrownBy(expired::remove).isInstanceOf(KeycloakUnavailable.class);
    }

    private List<String> revoked() {
        return database.with(handle ->
                handle.createQuery("SELECT value FROM identity.revocations ORDER BY value")
                        .mapTo(String.class)
                        .list());
    }
}
