// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.identity.Person;
import ai.jan.plugins.auth.token.TokenCheck.Reason;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedIssuersTest {
    private final List<String> asked = new ArrayList<>();
    private final TrustedIssuers issuers =
            TrustedIssuers.none()
                    .and("https://one", "", accepting("one"))
                    .and("https://two", "two:", accepting("two"));

    private CheckToken accepting(String name) {
        return _ -> {
            asked.add(name);
            return new TokenCheck.Accepted(
                    new AccessToken(
                            "ada",
                            "session-1",
                            Set.of(),
                            Set.of(),
                            List.of(),
                            new Person(null, null),
                            Instant.MIN,
                            Instant.MAX));
        };
    }

    @Test
    void asksTheIssuerThatTheTokenNamesAndNobodyElse() {
        assertThat(subject(issuers.check(token("https://one")))).isEqualTo("ada");
        assertThat(subject(issuers.check(token("https://two")))).isEqualTo("two:ada");
        assertThat(asked).containsExactly("one", "two");
    }

    @Test
    void refusesAnIssuerThatIsNotTrusted() {
        for (var name : new String[] {"https://three", "https://one/"}) {
            assertThat(issuers.check(token(name))).isEqualTo(new TokenCheck.Refused(Reason.ISSUER));
        }
        assertThat(issuers.check(token(""))).isInstanceOf(TokenCheck.Refused.class);
        assertThat(issuers.check(token(null))).isInstanceOf(TokenCheck.Refused.class);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "e30.e30.e30", "bnVsbA.bnVsbA.bnVsbA", "..."})
    void refusesWhatIsNoToken(String text) {
        assertThat(issuers.check(text)).isInstanceOf(TokenCheck.Refused.class);
        assertThat(issuers.check("e30.".repeat(50_000))).isInstanceOf(TokenCheck.Refused.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void canTellNothingWithoutAnIssuer() {
        assertThat(TrustedIssuers.none().check(token("https://one")))
                .isInstanceOf(TokenCheck.Unavailable.class);
    }

    @Test
    void letsNoIssuerNameTheSubjectsOfAnother() {
        assertThatThrownBy(() -> issuers.and("https://three", "two:", accepting("three")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> issuers.and("https://two", "three:", accepting("three")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String subject(TokenCheck check) {
        return ((TokenCheck.Accepted) check).token().subject();
    }

    private static String token(String issuer) {
        try {
            var jwt =
                    new SignedJWT(
                            new JWSHeader(JWSAlgorithm.HS256),
                            new JWTClaimsSet.Builder().issuer(issuer).build());
            jwt.sign(new MACSigner("x".repeat(32)));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
