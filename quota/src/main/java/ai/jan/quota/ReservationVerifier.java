// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.MACVerifier;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A service's proof that a reservation is the gateway's. Thread-safe. */
public final class ReservationVerifier {
    private static final long SKEW_SECONDS = 5;

    private final String audience;
    private final List<MACVerifier> verifiers;
    private final InstantSource clock;

    /**
     * @param audience the name of the service that verifies
     * @param keys the current key, and the previous one while it is being replaced
     */
    public ReservationVerifier(String audience, List<IdentityKey> keys, InstantSource clock) {
        this.audience = audience;
        this.verifiers = keys.stream().map(IdentityKey::verifier).toList();
        this.clock = clock;
    }

    /**
     * The reservation in a header value, or nothing if it is absent, forged, stale or for another
     * service.
     */
    public Optional<Reservation> verify(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            var jws = JWSObject.parse(header);
            return isGenuine(jws) ? reservation(jws) : Optional.empty();
        } catch (ParseException | JOSEException | JsonProcessingException e) {
            return Optional.empty(); // whatever is wrong with it, it proves nothing
        }
    }

    private boolean isGenuine(JWSObject jws) throws JOSEException {
        if (!JWSAlgorithm.HS256.equals(jws.getHeader().getAlgorithm())
                || !ReservationSigner.TYPE.equals(jws.getHeader().getType())) {
            return false;
        }
        for (var verifier : verifiers) {
            if (jws.verify(verifier)) {
                return true;
            }
        }
        return false;
    }

    private Optional<Reservation> reservation(JWSObject jws) throws JsonProcessingException {
        var signed = Json.read(jws.getPayload().toBytes(), ReservationSigner.Signed.class);
        long now = clock.instant().getEpochSecond();
        return signed.aud().equals(audience)
                        && now < signed.exp() + SKEW_SECONDS
                        && signed.iat() - SKEW_SECONDS <= now
                ? Optional.of(signed.reservation())
                : Optional.empty();
    }
}
