// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.config.Secret;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

class LoginStateTest {
    private static final Secret SECRET = new Secret("a client's secret, at least 32 bytes long");

    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final LoginState states = with(SECRET);

    private LoginState with(Secret secret) {
        return new LoginState(secret, () -> now, new SecureRandom());
    }

    @Test
    void knowsWhatItHasSigned() {
        var login = states.begin(states.newBrowser(), "https://app.example.com/");

        assertThat(states.verify(states.sign(login))).contains(login);
        assertThat(with(SECRET).verify(states.sign(login))).as("another node").contains(login);
    }

    @Test
    void keepsALoginWithoutAnAddress() {
        var login = states.begin(states.newBrowser(), null);

        assertThat(states.verify(states.sign(login))).contains(login);
    }

    @Test
    void forgetsALoginAfterTenMinutes() {
        var state = states.sign(states.begin(states.newBrowser(), null));

        now = now.plus(LoginState.LIFETIME).minusSeconds(1);
        assertThat(states.verify(state)).isPresent();
        now = now.plusSeconds(1);
        assertThat(states.verify(state)).isEmpty();
    }

    @Test
    void believesNothingThatOthersHaveSigned() throws Exception {
        var other = with(new Secret("the secret of another client, 32 bytes"));
        assertThat(states.verify(other.sign(other.begin("b", null)))).isEmpty();

        var claims =
                new JWTClaimsSet.Builder()
                        .jwtID("id")
                        .claim("browser", "b")
                        .expirationTime(Date.from(now.plusSeconds(60)))
                        .build();
        assertThat(states.verify(new PlainJWT(claims).serialize())).isEmpty();
        var signed =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(new JOSEObjectType("jan-login+jwt"))
                                .build(),
                        claims);
        signed.sign(new MACSigner(SECRET.reveal()));
        assertThat(states.verify(signed.serialize())).as("by the secret itself").isEmpty();
    }

    @Test
    void believesNothingThatWasChanged() {
        var state = states.sign(states.begin(states.newBrowser(), null));
        var parts = state.split("\\.");

        for (var changed :
                new String[] {
                    "",
                    ".",
                    "..",
                    "x",
                    parts[0] + "." + parts[1] + ".",
                    state + "A",
                    parts[0] + "." + parts[1] + "A." + parts[2],
                    "A".repeat(100_000)
                }) {
            assertThat(states.verify(changed)).as(changed).isEmpty();
        }
    }

    @Test
    void belongsToTheBrowserInWhichItBegan() {
        var browser = states.newBrowser();
        var login = states.begin(browser, null);

        assertThat(LoginState.beganIn(login, browser)).isTrue();
        assertThat(LoginState.beganIn(login, states.newBrowser())).isFalse();
        assertThat(states.sign(login)).doesNotContain(browser);
    }

    @Test
    void hasAVerifierThatTheStateDoesNotTell() {
        var first = states.begin("b", null);
        var second = states.begin("b", null);

        assertThat(states.verifier(first)).matches("[A-Za-z0-9_-]{43}");
        assertThat(states.verifier(first)).isEqualTo(with(SECRET).verifier(first));
        assertThat(states.verifier(first)).isNotEqualTo(states.verifier(second));
        assertThat(states.sign(first)).doesNotContain(states.verifier(first));
        assertThat(states.challenge(first))
                .matches("[A-Za-z0-9_-]{43}")
                .isNotEqualTo(states.verifier(first));
    }
}
