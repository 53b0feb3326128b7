// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.json.Json;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReservationTokenTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final IdentityKey KEY = IdentityKey.of("k".repeat(32));
    private static final IdentityKey OTHER = IdentityKey.of("o".repeat(32));
    private static final Reservation RESERVATION =
            new Reservation(
                    "0123456789abcdef",
                    new Spender("ada", "pro", null, "physics", "m/1"),
                    new Amount(1, 100, 200),
                    new Price(0, 150, 600),
                    List.of(
                            Limit.of(Unit.TOKENS, 1000, Duration.ofMinutes(1), "user", "ada"),
                            Limit.of(Unit.SLOTS, 5, Duration.ZERO, "user", "ada")));

    @Test
    void carriesTheWholeReservation() {
        assertThat(at(NOW, "llm-api-lite", KEY).verify(signed(KEY))).contains(RESERVATION);
    }

    @Test
    void provesNothingToAnotherServiceOrUnderAnotherKeyOrLater() {
        var header = signed(KEY);

        assertThat(at(NOW, "mcp-tools", KEY).verify(header)).isEmpty();
        assertThat(at(NOW, "llm-api-lite", OTHER).verify(header)).isEmpty();
        assertThat(at(NOW.plusSeconds(66), "llm-api-lite", KEY).verify(header)).isEmpty();
        assertThat(at(NOW.minusSeconds(6), "llm-api-lite", KEY).verify(header)).isEmpty();
        assertThat(at(NOW, "llm-api-lite", KEY).verify(null)).isEmpty();
        assertThat(at(NOW, "llm-api-lite", KEY).verify("a.b.c")).isEmpty();
    }

    @Test
    void acceptsThePreviousKeyWhileItIsReplaced() {
        var verifier =
                new ReservationVerifier(
                        "llm-api-lite", List.of(OTHER, KEY), InstantSource.fixed(NOW));

        assertThat(verifier.verify(signed(KEY))).contains(RESERVATION);
    }

    @Test
    void anIdentityIsNoReservation() throws Exception {
        var jws =
                new JWSObject(
                        new JWSHeader(JWSAlgorithm.HS256),
                        new Payload(
                                Json.bytes(
                                        new ReservationSigner.Signed(
                                                "llm-api-lite",
                                                NOW.getEpochSecond(),
                                                NOW.getEpochSecond() + 60,
                                                RESERVATION))));
        jws.sign(KEY.signer());

        assertThat(at(NOW, "llm-api-lite", KEY).verify(jws.serialize())).isEmpty();
    }

    @Test
    void fitsIntoAHeader() {
        assertThat(signed(KEY).length()).isLessThan(4096);
    }

    private static String signed(IdentityKey key) {
        return new ReservationSigner("llm-api-lite", key, InstantSource.fixed(NOW))
                .sign(RESERVATION);
    }

    private static ReservationVerifier at(Instant now, String audience, IdentityKey key) {
        return new ReservationVerifier(audience, List.of(key), InstantSource.fixed(now));
    }
}
