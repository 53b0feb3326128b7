// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.config.Secret;
import ai.jan.plugins.TestingClock;
import ai.jan.plugins.keys.OwnedKeys.Rotation;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What owners do with their keys, on a real PostgreSQL. */
@Timeout(60)
class OwnedKeysIT {
    private static final Duration OVERLAP = Duration.ofHours(1);
    private static final int LIMIT = 2;

    private final TestingClock clock = new TestingClock();
    private final KeyHasher hasher = new KeyHasher(new Secret("a pepper for this test"));
    private TestingDatabase postgres;
    private Database database;
    private ApiKeys keys;
    private OwnedKeys owned;

    @BeforeEach
    void open() throws Exception {
        postgres = TestingDatabase.migrated();
        database = Database.open(postgres.settings(LoginRole.PLUGINS), "kong-plugins");
        keys = new ApiKeys(database, hasher, new SecureRandom());
        owned = new OwnedKeys(database, hasher, new SecureRandom());
    }

    @AfterEach
    void close() throws Exception {
        database.close();
        postgres.close();
    }

    @Test
    void issuesAKeyThatCanBeFoundAndIsListed() {
        var issued = create("ada").orElseThrow();
        var found = keys.find(hasher.hash(issued.text())).orElseThrow();
        assertThat(found.owner()).isEqualTo("ada");
        assertThat(found.team()).isEqualTo("team-a");
        assertThat(issued.text()).startsWith(issued.entry().prefix());
        assertThat(issued.text()).endsWith(issued.entry().suffix());
        assertThat(issued.toString()).doesNotContain(issued.text());
        assertThat(owned.list("ada")).containsExactly(issued.entry());
        assertThat(owned.list("eve")).isEmpty();
    }

    @Test
    void allowsSoManyActiveKeysAndNotOneMore() throws Exception {
        Callable<Optional<IssuedKey>> create = () -> create("ada");
        try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = together.invokeAll(Stream.generate(() -> create).limit(8).toList());
            var issued = 0;
            for (var result : results) {
                issued += result.get().isPresent() ? 1 : 0;
            }
            assertThat(issued).isEqualTo(LIMIT);
        }
        assertThat(create("eve")).isPresent();

        var first = owned.list("ada").getFirst();
        assertThat(owned.revoke("ada", UUID.fromString(first.id()), clock.instant())).isTrue();
        assertThat(create("ada")).isPresent();
        clock.advance(Duration.ofDays(2));
        assertThat(create("ada")).isPresent();
    }

    @Test
    void revokesNobodyElsesKey() {
        var issued = create("ada").orElseThrow();
        var id = UUID.fromString(issued.entry().id());
        assertThat(owned.revoke("eve", id, clock.instant())).isFalse();
        assertThat(owned.revoke("ada", UUID.randomUUID(), clock.instant())).isFalse();
        assertThat(keys.find(hasher.hash(issued.text()))).isPresent();

        assertThat(owned.revoke("ada", id, clock.instant())).isTrue();
        assertThat(keys.find(hasher.hash(issued.text()))).isEmpty();
        assertThat(owned.list("ada").getFirst().statusAt(clock.instant()))
                .isEqualTo(KeyEntry.Status.REVOKED);
    }

    @Test
    void rotatesAKeyWhileTheOldOneWorksOnForAWhile() {
        var old = create("ada").orElseThrow();
        create("ada");
        var rotation = rotate("ada", old.entry().id());
        var fresh = ((Rotation.Rotated) rotation).key();

        assertThat(fresh.entry().name()).isEqualTo("a key");
        assertThat(keys.find(hasher.hash(fresh.text())).orElseThrow().scopes())
                .containsExactly("chat");
        assertThat(keys.find(hasher.hash(old.text())).orElseThrow().expiresAt())
                .isEqualTo(clock.instant().plus(OVERLAP));
        assertThat(create("ada")).as("a key more than allowed").isEmpty();
    }

    @Test
    void rotatesNothingThatIsNotThere() {
        var issued = create("ada").orElseThrow();
        assertThat(rotate("eve", issued.entry().id())).isInstanceOf(Rotation.Unknown.class);
        owned.revoke("ada", UUID.fromString(issued.entry().id()), clock.instant());
        assertThat(rotate("ada", issued.entry().id())).isInstanceOf(Rotation.Unknown.class);
        assertThat(owned.list("eve")).isEmpty();
    }

    @Test
    void hasAnEndToRotating() {
        var id = create("ada").orElseThrow().entry().id();
        create("ada");
        for (int i = 0; i < LIMIT; i++) {
            id = ((Rotation.Rotated) rotate("ada", id)).key().entry().id();
        }
        assertThat(rotate("ada", id)).isInstanceOf(Rotation.TooMany.class);
        clock.advance(OVERLAP);
        assertThat(rotate("ada", id)).isInstanceOf(Rotation.Rotated.class);
    }

    @Test
    void writesWhenAKeyWasLastUsed() {
        var id = create("ada").orElseThrow().entry().id();
        var uses = new KeyUses(keys, clock);
        uses.add(id);
        uses.add(UUID.randomUUID().toString()); // was deleted since
        var used = clock.instant();
        uses.run();
        assertThat(owned.list("ada").getFirst().lastUsedAt()).isEqualTo(used);

        keys.recordUses(Map.of(id, used.minusSeconds(60))); // another node, late
        assertThat(owned.list("ada").getFirst().lastUsedAt()).isEqualTo(used);
    }

    @Test
    void writesUsesLaterIfTheDatabaseIsAway() {
        var id = create("ada").orElseThrow().entry().id();
        var reachable = new boolean[1];
        KeyUses.Store store =
                lastUses -> {
                    if (!reachable[0]) {
                        throw new IllegalStateException("connection refused");
                    }
                    keys.recordUses(lastUses);
                };
        var uses = new KeyUses(store, clock);
        try (var _ = uses.start()) {
            uses.add(id);
            assertThatThrownBy(uses::run).hasMessage("connection refused");
            assertThat(owned.list("ada").getFirst().lastUsedAt()).isNull();
            reachable[0] = true;
        }
        assertThat(owned.list("ada").getFirst().lastUsedAt()).isEqualTo(clock.instant());
    }

    private Rotation rotate(String owner, String id) {
        return owned.rotate(
                UUID.fromString(id), newKey(owner, null), OVERLAP, LIMIT, clock.instant());
    }

    private Optional<IssuedKey> create(String owner) {
        var end = clock.instant().plus(Duration.ofDays(1));
        return owned.create(newKey(owner, end), LIMIT, clock.instant());
    }

    private static NewKey newKey(String owner, Instant expiresAt) {
        return new NewKey(
                owner, "a key", "pro", Set.of("user"), Set.of("chat"), "team-a", expiresAt);
    }
}
