// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.config.Secret;
import ai.jan.plugins.TestingClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ApiKeyVerifierTest {
    private static final String TEXT = "sk_live_" + "a".repeat(48);
    private static final String OTHER = "sk_live_" + "b".repeat(48);

    private final TestingClock clock = new TestingClock();
    private final KeyHasher hasher = new KeyHasher(new Secret("pepper"));
    private final AtomicInteger questions = new AtomicInteger();
    private final CountDownLatch thaw = new CountDownLatch(1);
    private final ApiKey key =
            new ApiKey("id", "owner", "pro", Set.of("user"), false, Set.of(), null, null);
    private volatile FindKey database =
            hash -> Optional.of(key).filter(_ -> hash.equals(hasher.hash(TEXT)));
    private final ApiKeyVerifier verifier = new ApiKeyVerifier(hasher, this::find, clock);

    private Optional<ApiKey> find(KeyHash hash) {
        questions.incrementAndGet();
        return database.find(hash);
    }

    @AfterEach
    void thaw() {
        thaw.countDown();
    }

    @Test
    void acceptsAKnownKeyFromMemoryForAMinute() {
        assertThat(verifier.check(TEXT)).isEqualTo(new KeyCheck.Accepted(key));
        database = ApiKeyVerifierTest::down;
        clock.advance(ApiKeyVerifier.BELIEVED.minusMillis(1));
        assertThat(verifier.check(TEXT)).isEqualTo(new KeyCheck.Accepted(key));
        clock.advance(Duration.ofMillis(1));
        assertThat(verifier.check(TEXT)).isInstanceOf(KeyCheck.Unavailable.class);
        assertThat(questions).hasValue(2);
    }

    @Test
    void cannotTellOfAnUnknownKeyWhileTheDatabaseIsDown() {
        database = ApiKeyVerifierTest::down;
        assertThat(verifier.check(OTHER)).isInstanceOf(KeyCheck.Unavailable.class);
    }

    @Test
    void waitsForAFrozenDatabaseOnlySoLong() {
        database = this::frozen;
        var start = System.nanoTime();
        assertThat(verifier.check(TEXT)).isInstanceOf(KeyCheck.Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void asksOnceForManyCallersAtATime() throws Exception {
        database = this::frozen;
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var checks = new ArrayList<Future<KeyCheck>>();
            for (int i = 0; i < 50; i++) {
                checks.add(callers.submit(() -> verifier.check(TEXT)));
            }
            while (questions.get() == 0) {
                Thread.onSpinWait();
            }
            thaw.countDown();
            for (var check : checks) {
                assertThat(check.get(5, TimeUnit.SECONDS)).isEqualTo(new KeyCheck.Accepted(key));
            }
        }
        assertThat(questions).hasValue(1);
    }

    @Test
    void remembersForAWhileThatAKeyIsUnknown() {
        for (int i = 0; i < 10; i++) {
            assertThat(verifier.check(OTHER)).isInstanceOf(KeyCheck.Refused.class);
        }
        assertThat(questions).hasValue(1);
        clock.advance(ApiKeyVerifier.UNKNOWN_BELIEVED);
        verifier.check(OTHER);
        assertThat(questions).hasValue(2);
    }

    @Test
    void refusesAnExpiredKeyAlsoWhenItWasAcceptedBefore() {
        var expiring =
                new ApiKey(
                        "id",
                        "owner",
                        "pro",
                        Set.of(),
                        false,
                        Set.of(),
                        null,
                        clock.instant().plusSeconds(30));
        database = _ -> Optional.of(expiring);
        assertThat(verifier.check(TEXT)).isInstanceOf(KeyCheck.Accepted.class);
        clock.advance(Duration.ofSeconds(30));
        assertThat(verifier.check(TEXT)).isInstanceOf(KeyCheck.Refused.class);
    }

    @Test
    void asksAgainAfterAKeyWasChanged() {
        verifier.check(TEXT);
        database = _ -> Optional.empty();
        verifier.forget(hasher.hash(OTHER));
        assertThat(verifier.check(TEXT)).isInstanceOf(KeyCheck.Accepted.class);
        verifier.forget(hasher.hash(TEXT));
        assertThat(verifier.check(TEXT)).isInstanceOf(KeyCheck.Refused.class);
    }

    @Test
    void doesNotRememberWhatTheDatabaseSaidBeforeAKeyWasRevoked() throws Exception {
        database = this::frozen;
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var check = callers.submit(() -> verifier.check(TEXT));
            while (questions.get() == 0) {
                Thread.onSpinWait();
            }
            verifier.forget(hasher.hash(TEXT)); // revoked after the database had read the row
            thaw.countDown();
            check.get(5, TimeUnit.SECONDS);
        }
        database = _ -> Optional.empty();
        assertThat(verifier.check(TEXT)).isInstanceOf(KeyCheck.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sk_live_", "sk_live_'; SELECT pg_sleep(9) --", "\u0000", "clé"})
    void refusesWhatIsNoKeyWithoutAsking(String text) {
        assertThat(verifier.check(text)).isInstanceOf(KeyCheck.Refused.class);
        assertThat(verifier.check("sk_live_" + "a".repeat(8192)))
                .isInstanceOf(KeyCheck.Refused.class);
        assertThat(questions).hasValue(0);
    }

    private Optional<ApiKey> frozen(KeyHash hash) {
        try {
            thaw.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Optional.of(key);
    }

    private static Optional<ApiKey> down(KeyHash hash) {
        throw new IllegalStateException("connection refused");
    }
}
