// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.json.Json;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Signs reservations for one service: a compact JWS, HS256, with the key of that service's
 * identities, to be presented within 60 seconds. Thread-safe.
 */
public final class ReservationSigner {
    static final JOSEObjectType TYPE = new JOSEObjectType("jan-reservation+jws");
    private static final Duration LIFETIME = Duration.ofSeconds(60);
    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).build();

    /**
     * What is signed.
     *
     * @param aud the service that may accept it
     * @param iat seconds since 1970
     * @param exp seconds since 1970
     */
    record Signed(String aud, long iat, long exp, Reservation reservation) {}

    private final String audience;
    private final MACSigner signer;
    private final InstantSource clock;

    /**
     * @param audience the service that may accept it, such as {@code llm-api-lite}
     */
    public ReservationSigner(String audience, IdentityKey key, InstantSource clock) {
        this.audience = audience;
        this.signer = key.signer();
        this.clock = clock;
    }

    /** The value of the header {@link Reservation#HEADER}. */
    public String sign(Reservation reservation) {
        long now = clock.instant().getEpochSecond();
        var signed = new Signed(audience, now, now + LIFETIME.toSeconds(), reservation);
        var jws = new JWSObject(HEADER, new Payload(Json.bytes(signed)));
        try {
            jws.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing with HS256 failed", e);
        }
        return jws.serialize();
    }
}
