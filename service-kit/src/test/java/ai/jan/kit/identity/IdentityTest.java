// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdentityTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final IdentityKey KEY = IdentityKey.of("k".repeat(32));
    private static final IdentityKey OTHER = IdentityKey.of("o".repeat(32));
    private static final Identity ALICE =
            new Identity(
                    "alice",
                    Identity.Method.JWT,
                    Set.of("user", "admin"),
                    Set.of("chat"),
                    "free",
                    "blue",
                    "key-1",
                    "req-1");

    @Test
    void whatWasSignedIsWhatIsVerified() {
        assertThat(verifier("svc", KEY).verify(signer("svc", KEY, NOW).sign(ALICE)))
                .contains(ALICE);
        var bare =
                new Identity(
                        "bob", Identity.Method.API_KEY, Set.of(), Set.of(), "p", null, null, "r");
        assertThat(verifier("svc", KEY).verify(signer("svc", KEY, NOW).sign(bare))).contains(bare);
    }

    @Test
    void whichModelsTheCallerMayUseIsSignedToo() {
        for (var grant :
                List.of(
                        new ModelGrant(Set.of(), Map.of(), null),
                        new ModelGrant(
                                Set.of("qwen*", "smollm2"),
                                Map.of("small", List.of("smollm2", "qwen-1"), "none", List.of()),
                                "small"))) {
            var verified = verifier("svc", KEY).verify(signer("svc", KEY, NOW).sign(with(grant)));
            assertThat(verified).contains(with(grant));
            assertThat(verified.orElseThrow().grant()).isEqualTo(grant);
        }
        assertThat(ALICE.grant()).isEqualTo(ModelGrant.EVERYTHING);
    }

    private static Identity with(ModelGrant grant) {
        return ALICE.with(grant);
    }

    @Test
    void severalKeysMayBeValidAtOnce() {
        var both = verifier("svc", KEY, OTHER);
        assertThat(both.verify(signer("svc", OTHER, NOW).sign(ALICE))).isPresent();
        assertThat(both.verify(signer("svc", KEY, NOW).sign(ALICE))).isPresent();
        assertThat(verifier("svc", KEY).verify(signer("svc", OTHER, NOW).sign(ALICE))).isEmpty();
    }

    @Test
    void isForOneServiceOnly() {
        assertThat(verifier("svc", KEY).verify(signer("other", KEY, NOW).sign(ALICE))).isEmpty();
    }

    @Test
    void isValidForAMinute() {
        assertThat(verifiedAfter(Duration.ofSeconds(64))).isTrue();
        assertThat(verifiedAfter(Duration.ofSeconds(66))).isFalse();
        assertThat(verifiedAfter(Duration.ofSeconds(-4))).isTrue();
        assertThat(verifiedAfter(Duration.ofSeconds(-6))).isFalse();
    }

    @Test
    void aTokenOfAnotherKindIsNoIdentity() throws Exception {
        var claims =
                new JWTClaimsSet.Builder()
                        .audience("svc")
                        .subject("alice")
                        .issueTime(Date.from(NOW))
                        .expirationTime(Date.from(NOW.plusSeconds(60)))
                        .build();
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        jwt.sign(KEY.signer());
        assertThat(verifier("svc", KEY).verify(jwt.serialize())).isEmpty();
        var typed =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).type(IdentitySigner.TYPE).build(),
                        claims);
        typed.sign(KEY.signer());
        assertThat(verifier("svc", KEY).verify(typed.serialize())).isEmpty();
    }

    @Test
    void nonsenseIsNoIdentity() {
        for (var header : new String[] {null, "", "a", "a.b.c", "....", "{}"}) {
            assertThat(verifier("svc", KEY).verify(header)).isEmpty();
        }
    }

    @Test
    void aKeyIsLongEnoughAndNeverShown() {
        assertThatThrownBy(() -> IdentityKey.of("k".repeat(31)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(KEY).hasToString("IdentityKey[***]");
    }

    private static boolean verifiedAfter(Duration elapsed) {
        var header = signer("svc", KEY, NOW.minus(elapsed)).sign(ALICE);
        return verifier("svc", KEY).verify(header).isPresent();
    }

    private static IdentitySigner signer(String audience, IdentityKey key, Instant now) {
        return new IdentitySigner(audience, key, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static IdentityVerifier verifier(String audience, IdentityKey... keys) {
        return new IdentityVerifier(audience, List.of(keys), Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
