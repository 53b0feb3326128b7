// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import static ai.jan.plugins.auth.token.TestingProvider.AUDIENCE;
import static ai.jan.plugins.auth.token.TestingProvider.ISSUER;
import static ai.jan.plugins.auth.token.TestingProvider.claims;
import static ai.jan.plugins.auth.token.TestingProvider.ecKey;
import static ai.jan.plugins.auth.token.TestingProvider.sign;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.plugins.TestingClock;
import ai.jan.plugins.auth.token.TokenCheck.Reason;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rotation, withdrawal and outage of a provider's keys. */
@Timeout(20)
class ProviderKeysTest {
    private static final TestingProvider PROVIDER = new TestingProvider();
    private static final TestingProvider OTHER_KEYS = new TestingProvider();

    private final TestingClock clock = new TestingClock();
    private final AtomicInteger fetches = new AtomicInteger();
    private final CountDownLatch thaw = new CountDownLatch(1);
    private volatile FetchKeys provider = PROVIDER::published;
    private final TokenVerifier verifier =
            new TokenVerifier(
                    new ProviderKeys("test", this::fetch, clock),
                    new TokenRules(ISSUER, Set.of(AUDIENCE), Duration.ZERO),
                    clock);

    @AfterEach
    void thaw() {
        thaw.countDown();
    }

    @Test
    void fetchesOnceForManyCallersAtATime() throws Exception {
        provider = this::frozen;
        var token = PROVIDER.token(clock.instant());
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var checks = new ArrayList<Future<TokenCheck>>();
            for (int i = 0; i < 50; i++) {
                checks.add(callers.submit(() -> verifier.check(token)));
            }
            await(() -> fetches.get() == 1);
            thaw.countDown();
            for (var check : checks) {
                assertThat(check.get(5, TimeUnit.SECONDS)).isInstanceOf(TokenCheck.Accepted.class);
            }
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void findsANewKeyAtOnce() {
        assertAccepted(PROVIDER.token(clock.instant()));
        var added = ecKey("ec-2");
        provider = () -> publishing(PROVIDER.rsa, added);
        clock.advance(ProviderKeys.MIN_INTERVAL);
        assertAccepted(signedWith(added));
        assertAccepted(PROVIDER.token(clock.instant()));
        assertThat(fetches).hasValue(2);
    }

    @Test
    void doesNotFetchForEachUnknownKey() {
        assertAccepted(PROVIDER.token(clock.instant()));
        for (int i = 0; i < 20; i++) {
            assertThat(verifier.check(signedWith(ecKey("unknown-" + i))))
                    .isEqualTo(new TokenCheck.Refused(Reason.UNKNOWN_KEY));
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void refusesATokenWhoseKeyWasWithdrawnAlsoWhenItWasAcceptedBefore() {
        var token = PROVIDER.token(clock.instant());
        assertAccepted(token);
        provider = OTHER_KEYS::published; // under the same ids
        clock.advance(ProviderKeys.REFRESH_AFTER);
        await(() -> verifier.check(token) instanceof TokenCheck.Refused);
    }

    @Test
    void fetchesAgainInTheBackgroundBeforeKeysAreOld() {
        assertAccepted(PROVIDER.token(clock.instant()));
        clock.advance(ProviderKeys.REFRESH_AFTER);
        assertAccepted(PROVIDER.token(clock.instant()));
        await(() -> fetches.get() == 2);
    }

    @Test
    void doesNotTrustKeysThatNobodyLookedAtForLong() {
        assertAccepted(PROVIDER.token(clock.instant()));
        provider = () -> publishing(PROVIDER.rsa);
        clock.advance(Duration.ofHours(5));
        assertThat(verifier.check(signedWith(PROVIDER.ec)))
                .isEqualTo(new TokenCheck.Refused(Reason.UNKNOWN_KEY));
    }

    @Test
    void keepsKnownKeysThroughAnOutage() {
        assertAccepted(PROVIDER.token(clock.instant()));
        provider = ProviderKeysTest::down;
        for (int hour = 0; hour < 3; hour++) {
            clock.advance(Duration.ofHours(1));
            assertAccepted(PROVIDER.token(clock.instant()));
        }
    }

    @Test
    void cannotTellWhileTheProviderIsDownAndCanAgainAfter() {
        provider = ProviderKeysTest::down;
        var token = PROVIDER.token(clock.instant());
        assertThat(verifier.check(token)).isInstanceOf(TokenCheck.Unavailable.class);
        assertThat(verifier.check(token)).isInstanceOf(TokenCheck.Unavailable.class);
        assertThat(fetches).hasValue(1);
        provider = PROVIDER::published;
        clock.advance(ProviderKeys.MIN_INTERVAL);
        assertAccepted(token);
    }

    @Test
    void doesNotWaitForAFrozenProviderWhenTheKeyIsKnown() {
        assertAccepted(PROVIDER.token(clock.instant()));
        provider = this::frozen;
        clock.advance(ProviderKeys.REFRESH_AFTER);
        var start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            var session = i;
            assertAccepted(PROVIDER.token(clock.instant(), claims -> claims.claim("sid", session)));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void waitsForAFrozenProviderOnlySoLong() {
        provider = this::frozen;
        var start = System.nanoTime();
        assertThat(verifier.check(PROVIDER.token(clock.instant())))
                .isInstanceOf(TokenCheck.Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    private JWKSet fetch() throws IOException {
        fetches.incrementAndGet();
        return provider.fetch();
    }

    private JWKSet frozen() throws IOException {
        try {
            thaw.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return PROVIDER.published();
    }

    private static JWKSet down() throws IOException {
        throw new IOException("connection refused");
    }

    private static JWKSet publishing(JWK... keys) {
        return new JWKSet(List.of(keys)).toPublicJWKSet();
    }

    private String signedWith(ECKey key) {
        return sign(key, JWSAlgorithm.ES256, claims(clock.instant()).build());
    }

    private void assertAccepted(String token) {
        assertThat(verifier.check(token)).isInstanceOf(TokenCheck.Accepted.class);
    }

    private static void await(BooleanSupplier condition) {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
