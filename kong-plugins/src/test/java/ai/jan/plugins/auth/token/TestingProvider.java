// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Issues tokens as Keycloak does, with real keys and signatures. */
public final class TestingProvider {
    public static final String ISSUER = "http://keycloak.test/realms/jan";
    public static final String AUDIENCE = "llm-api";
    public static final String SUBJECT = "7f1c5d0e-2a7e-4a0b-9d3c-1b2c3d4e5f60";

    public final RSAKey rsa = rsaKey("rsa-1");
    public final ECKey ec = ecKey("ec-1");

    /** What it publishes. */
    public JWKSet published() {
        return new JWKSet(List.of(rsa.toPublicJWK(), ec.toPublicJWK()));
    }

    /** The claims of an ordinary access token. */
    public static JWTClaimsSet.Builder claims(Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(List.of("account", AUDIENCE))
                .subject(SUBJECT)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(900)))
                .claim("typ", "Bearer")
                .claim("azp", AUDIENCE)
                .claim("scope", "openid profile")
                .claim("preferred_username", "ada")
                .claim("email", "ada@example.org")
                .claim("realm_access", Map.of("roles", List.of("offline_access", "user")))
                .claim("groups", List.of("/team-a", "/team-b"));
    }

    /** An ordinary access token. */
    public String token(Instant now) {
        return token(now, claims -> claims);
    }

    /** An access token with something changed. */
    public String token(Instant now, UnaryOperator<JWTClaimsSet.Builder> change) {
        return sign(rsa, JWSAlgorithm.RS256, change.apply(claims(now)).build());
    }

    public static String sign(JWK key, JWSAlgorithm algorithm, JWTClaimsSet claims) {
        var header =
                new JWSHeader.Builder(algorithm)
                        .keyID(key.getKeyID())
                        .type(JOSEObjectType.JWT)
                        .build();
        return sign(key, header, claims);
    }

    public static String sign(JWK key, JWSHeader header, JWTClaimsSet claims) {
        try {
            var jwt = new SignedJWT(header, claims);
            jwt.sign(signer(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWSSigner signer(JWK key) throws JOSEException {
        return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
    }

    public static RSAKey rsaKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ECKey ecKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
