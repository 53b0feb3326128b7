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
import ai.jan.plugins.revocation.Revocations;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T15 of the threat model, abuse of access tokens, and T3, tokens that look alike. */
class TokenVerifierTest {
    private static final TestingProvider PROVIDER = new TestingProvider();
    private static final TestingProvider MALLORY = new TestingProvider();

    private final TestingClock clock = new TestingClock();
    private final TokenVerifier verifier =
            new TokenVerifier(
                    new ProviderKeys("test", PROVIDER::published, clock),
                    new TokenRules(ISSUER, Set.of(AUDIENCE), Duration.ofSeconds(10)),
                    clock);

    @Test
    void acceptsAnAccessToken() {
        var token = PROVIDER.token(clock.instant());
        for (int i = 0; i < 2; i++) { // verified, then remembered
            assertThat(verifier.check(token))
                    .isInstanceOfSatisfying(
                            TokenCheck.Accepted.class,
                            accepted -> {
                                assertThat(accepted.token().subject())
                                        .isEqualTo(TestingProvider.SUBJECT);
                                assertThat(accepted.token().roles())
                                        .containsExactlyInAnyOrder("offline_access", "user");
                                assertThat(accepted.token().scopes())
                                        .containsExactlyInAnyOrder("openid", "profile");
                                assertThat(accepted.token().groups())
                                        .containsExactly("team-a", "team-b");
                            });
        }
    }

    @Test
    void acceptsTheOtherAsymmetricAlgorithms() {
        var claims = claims(clock.instant()).build();
        assertAccepted(sign(PROVIDER.rsa, JWSAlgorithm.PS256, claims));
        assertAccepted(sign(PROVIDER.ec, JWSAlgorithm.ES256, claims));
    }

    @Test
    void acceptsAnAccessTokenByTheTypeOfRfc9068() {
        var header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("rsa-1")
                        .type(new JOSEObjectType("at+jwt"))
                        .build();
        assertAccepted(
                sign(PROVIDER.rsa, header, claims(clock.instant()).claim("typ", null).build()));
    }

    @Test
    void refusesATokenWithoutASignature() {
        assertRefused(
                new PlainJWT(claims(clock.instant()).build()).serialize(), Reason.NOT_A_TOKEN);
        var token = PROVIDER.token(clock.instant());
        assertThat(verifier.check(token.substring(0, token.lastIndexOf('.') + 1)))
                .isInstanceOf(TokenCheck.Refused.class);
    }

    @Test
    void refusesAnHmacWithThePublicKeyAsItsSecret() throws JOSEException {
        var secret = PROVIDER.rsa.toRSAPublicKey().getEncoded();
        for (var algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS512)) {
            var jwt =
                    new SignedJWT(
                            new JWSHeader.Builder(algorithm).keyID("rsa-1").build(),
                            claims(clock.instant()).build());
            jwt.sign(new MACSigner(secret));
            assertRefused(jwt.serialize(), Reason.ALGORITHM);
        }
    }

    @Test
    void refusesAnotherKeyUnderAKnownId() {
        assertRefused(MALLORY.token(clock.instant()), Reason.SIGNATURE);
    }

    @Test
    void refusesAKeyThatTheTokenBringsAlong() {
        var header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("rsa-1")
                        .jwk(MALLORY.rsa.toPublicJWK())
                        .build();
        assertRefused(sign(MALLORY.rsa, header, claims(clock.instant()).build()), Reason.SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "../../etc/passwd",
                "rsa-1' OR '1'='1",
                "",
                "http://mallory.test/k"
            })
    void refusesAnUnknownKeyId(String id) {
        assertRefused(
                sign(ecKey(id), JWSAlgorithm.ES256, claims(clock.instant()).build()),
                Reason.UNKNOWN_KEY);
    }

    @Test
    void refusesAHugeKeyId() {
        var key = ecKey("k".repeat(5_000));
        assertRefused(
                sign(key, JWSAlgorithm.ES256, claims(clock.instant()).build()), Reason.UNKNOWN_KEY);
    }

    @Test
    void refusesACriticalExtension() {
        var header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("rsa-1")
                        .criticalParams(Set.of("exotic"))
                        .customParam("exotic", true)
                        .build();
        assertRefused(
                sign(PROVIDER.rsa, header, claims(clock.instant()).build()), Reason.SIGNATURE);
    }

    @Test
    void refusesAChangedPayload() {
        var parts = PROVIDER.token(clock.instant()).split("\\.");
        var other =
                PROVIDER.token(clock.instant(), claims -> claims.subject("victim")).split("\\.");
        assertAccepted(String.join(".", parts));
        assertRefused(parts[0] + "." + other[1] + "." + parts[2], Reason.SIGNATURE);
    }

    @Test
    void keepsTokensOfTheSameBeginningApart() {
        var one = PROVIDER.token(clock.instant(), claims -> claims.claim("zzz", "1"));
        var other = PROVIDER.token(clock.instant(), claims -> claims.claim("zzz", "2"));
        assertAccepted(one);
        assertRefused(
                one.substring(0, one.lastIndexOf('.')) + other.substring(other.lastIndexOf('.')),
                Reason.SIGNATURE);
    }

    @Test
    void refusesAnotherIssuer() {
        assertRefused(claims -> claims.issuer(ISSUER + "/"), Reason.ISSUER);
        assertRefused(claims -> claims.issuer(null), Reason.ISSUER);
    }

    @Test
    void refusesAnotherAudience() {
        assertRefused(claims -> claims.audience("account"), Reason.AUDIENCE);
        assertRefused(claims -> claims.audience((String) null), Reason.AUDIENCE);
    }

    @Test
    void refusesAnExpiredTokenAlsoWhenItWasAcceptedBefore() {
        var token = PROVIDER.token(clock.instant());
        assertAccepted(token);
        clock.advance(Duration.ofSeconds(909));
        assertAccepted(token);
        clock.advance(Duration.ofSeconds(1));
        assertRefused(token, Reason.EXPIRED);
        assertRefused(claims -> claims.expirationTime(null), Reason.EXPIRED);
    }

    @Test
    void acceptsNoTokenForLongerThanRevocationsAreKept() {
        var years = Date.from(clock.instant().plus(Duration.ofDays(9000)));
        var token = PROVIDER.token(clock.instant(), claims -> claims.expirationTime(years));
        assertAccepted(token);
        clock.advance(Revocations.LONGEST_TOKEN);
        assertRefused(token, Reason.EXPIRED);
    }

    @Test
    void refusesATokenOfTheFuture() {
        var now = clock.instant();
        assertRefused(
                claims -> claims.notBeforeTime(Date.from(now.plusSeconds(11))),
                Reason.NOT_YET_VALID);
        assertAccepted(
                PROVIDER.token(now, claims -> claims.notBeforeTime(Date.from(now.plusSeconds(9)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ID", "Refresh", "Offline", "Logout", "DPoP", "Bearer "})
    void refusesTokensForOtherPurposes(String type) {
        assertRefused(claims -> claims.claim("typ", type), Reason.NOT_AN_ACCESS_TOKEN);
    }

    @Test
    void refusesATokenOfNoType() {
        assertRefused(claims -> claims.claim("typ", null), Reason.NOT_AN_ACCESS_TOKEN);
        assertRefused(claims -> claims.claim("typ", List.of("Bearer")), Reason.NOT_AN_ACCESS_TOKEN);
    }

    @Test
    void refusesATokenBoundToItsSender() {
        assertRefused(
                claims -> claims.claim("cnf", Map.of("jkt", "x")), Reason.NOT_AN_ACCESS_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nX-User-ID: b", "é"})
    void refusesASubjectThatIsNotFitForAHeader(String subject) {
        assertRefused(claims -> claims.subject(subject), Reason.CLAIMS);
    }

    @Test
    void refusesAMissingOrEndlessSubject() {
        assertRefused(claims -> claims.subject(null), Reason.CLAIMS);
        assertRefused(claims -> claims.subject("s".repeat(256)), Reason.CLAIMS);
    }

    @Test
    void takesClaimsOfAnotherShapeForNone() {
        var token =
                PROVIDER.token(
                        clock.instant(),
                        claims ->
                                claims.claim("realm_access", "admin")
                                        .claim("groups", 7)
                                        .claim("scope", List.of("x")));
        assertThat(verifier.check(token))
                .isInstanceOfSatisfying(
                        TokenCheck.Accepted.class,
                        accepted -> {
                            assertThat(accepted.token().roles()).isEmpty();
                            assertThat(accepted.token().groups()).isEmpty();
                            assertThat(accepted.token().scopes()).isEmpty();
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "e30.e30.e30",
                "null",
                "'; SELECT pg_sleep(9) --",
                "\u0000",
                "é.é.é",
                "eyJhbGciOiJSUzI1NiJ9..",
                "bnVsbA.bnVsbA.bnVsbA",
                "W10.W10.W10"
            })
    void refusesWhatIsNotAToken(String text) {
        assertThat(verifier.check(text)).isInstanceOf(TokenCheck.Refused.class);
    }

    /** Base64 is read leniently by many; one token must not have many spellings. */
    @Test
    void refusesOtherSpellingsOfAGenuineToken() {
        var token = PROVIDER.token(clock.instant());
        var middle = token.indexOf('.') + 5;
        assertRefused(token + "==", Reason.NOT_A_TOKEN);
        assertRefused(token + "\n", Reason.NOT_A_TOKEN);
        assertRefused(" " + token, Reason.NOT_A_TOKEN);
        assertRefused(
                token.substring(0, middle) + " " + token.substring(middle), Reason.NOT_A_TOKEN);
        assertRefused(token.replace(".", "+."), Reason.NOT_A_TOKEN);
    }

    @Test
    void refusesATokenThatIsTooLong() {
        assertRefused("a.".repeat(10_000), Reason.NOT_A_TOKEN);
        assertRefused(claims -> claims.claim("filler", "x".repeat(16_000)), Reason.NOT_A_TOKEN);
    }

    @Test
    void neverThrowsWhateverIsChangedInAToken() {
        var random = new Random(7);
        var token = PROVIDER.token(clock.instant()).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 2_000; i++) {
            var changed = token.clone();
            for (int j = 0; j <= i % 4; j++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            var check = verifier.check(new String(changed, StandardCharsets.ISO_8859_1));
            if (check instanceof TokenCheck.Accepted(var accepted)) {
                // only bits that base64 does not use may differ
                assertThat(accepted.subject()).isEqualTo(TestingProvider.SUBJECT);
            }
        }
    }

    private void assertAccepted(String token) {
        assertThat(verifier.check(token)).isInstanceOf(TokenCheck.Accepted.class);
    }

    private void assertRefused(UnaryOperator<JWTClaimsSet.Builder> change, Reason reason) {
        assertRefused(PROVIDER.token(clock.instant(), change), reason);
    }

    private void assertRefused(String token, Reason reason) {
        assertThat(verifier.check(token)).isEqualTo(new TokenCheck.Refused(reason));
    }
}
