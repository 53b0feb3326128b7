// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs identities for one service: a compact JWS, HS256, valid for 60 seconds. Thread-safe. */
public final class IdentitySigner {
    static final Duration LIFETIME = Duration.ofSeconds(60);
    static final JOSEObjectType TYPE = new JOSEObjectType("jan-identity+jwt");
    static final String MODELS = "models";
    static final String USERNAME = "preferred_username";
    static final String EMAIL = "email";
    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).build();

    private final String audience;
    private final MACSigner signer;
    private final Clock clock;

    /**
     * @param audience the service that may accept it, such as {@code llm-api-lite}
     */
    public IdentitySigner(String audience, IdentityKey key, Clock clock) {
        this.audience = audience;
        this.clock = clock;
        this.signer = key.signer();
    }

    /** The value of the header {@link Identity#HEADER}. */
    public String sign(Identity identity) {
        var now = clock.instant();
        var person = identity.person();
        var claims =
                new JWTClaimsSet.Builder()
                        .audience(audience)
                        .subject(identity.subject())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(LIFETIME)))
                        .claim("method", identity.method().name())
                        .claim("roles", List.copyOf(identity.roles()))
                        .claim("scopes", List.copyOf(identity.scopes()))
                        .claim("plan", identity.plan())
                        .claim("team", identity.team())
                        .claim("key_id", identity.keyId())
                        .claim("request_id", identity.requestId())
                        .claim(MODELS, models(identity.models()))
                        .claim(USERNAME, person == null ? null : person.username())
                        .claim(EMAIL, person == null ? null : person.email())
                        .build();
        var jwt = new SignedJWT(HEADER, claims);
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing with HS256 failed", e);
        }
        return jwt.serialize();
    }

    private static @Nullable Map<String, Object> models(@Nullable ModelGrant grant) {
        if (grant == null) {
            return null;
        }
        var claim = new HashMap<String, Object>();
        claim.put("ids", List.copyOf(grant.models()));
        claim.put("aliases", grant.aliases());
        if (grant.asked() != null) {
            claim.put("asked", grant.asked());
        }
        return claim;
    }
}
