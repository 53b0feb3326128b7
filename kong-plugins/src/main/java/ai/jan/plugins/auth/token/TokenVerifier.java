// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import ai.jan.plugins.ExpiringCache;
import ai.jan.plugins.auth.token.ProviderKeys.Lookup;
import ai.jan.plugins.auth.token.TokenCheck.Reason;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Verifies access tokens of one provider: signature, then claims. A token that was accepted is
 * remembered by the hash of all of it, until it expires or the provider's keys change. Thread-safe.
 */
public final class TokenVerifier implements CheckToken {
    static final int MAX_LENGTH = 16 * 1024;
    private static final int MAX_KEY_ID_LENGTH = 256;
    private static final int REMEMBERED = 10_000;

    /** Three parts of Base64url, without padding and without what lenient decoders skip. */
    private static final Pattern COMPACT = Pattern.compile("[\\w-]++\\.[\\w-]++\\.[\\w-]++");

    /**
     * Signatures by a private key only: with a shared secret the public key would be the secret.
     */
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    private record Verified(AccessToken token, int keysVersion) {}

    private final ProviderKeys keys;
    private final Claims claims;
    private final InstantSource clock;
    private final ExpiringCache<String, Verified> verified;

    public TokenVerifier(ProviderKeys keys, TokenRules rules, InstantSource clock) {
        this.keys = keys;
        this.claims = new Claims(rules);
        this.clock = clock;
        this.verified = new ExpiringCache<>(REMEMBERED, clock);
    }

    @Override
    public TokenCheck check(String token) {
        if (token.length() > MAX_LENGTH || !COMPACT.matcher(token).matches()) {
            return new TokenCheck.Refused(Reason.NOT_A_TOKEN);
        }
        var fingerprint = sha256(token);
        var remembered = verified.get(fingerprint);
        if (remembered.isPresent()) {
            keys.refreshAhead();
            if (remembered.get().keysVersion == keys.version()) {
                return new TokenCheck.Accepted(remembered.get().token);
            }
        }
        var version = keys.version();
        var check = verify(token);
        if (check instanceof TokenCheck.Accepted(var accepted)) {
            verified.put(fingerprint, new Verified(accepted, version), accepted.expiresAt());
        }
        return check;
    }

    private TokenCheck verify(String token) {
        var parsed = parse(token);
        if (parsed.isEmpty()) {
            return new TokenCheck.Refused(Reason.NOT_A_TOKEN);
        }
        var jwt = parsed.get();
        var header = jwt.getHeader();
        if (!ALGORITHMS.contains(header.getAlgorithm())) {
            return new TokenCheck.Refused(Reason.ALGORITHM);
        }
        var keyId = header.getKeyID();
        if (keyId == null || keyId.length() > MAX_KEY_ID_LENGTH) {
            return new TokenCheck.Refused(Reason.UNKNOWN_KEY);
        }
        return switch (keys.find(header)) {
            case Lookup.Found(var key) -> verify(jwt, key);
            case Lookup.Unknown() -> new TokenCheck.Refused(Reason.UNKNOWN_KEY);
            case Lookup.Unavailable() -> new TokenCheck.Unavailable();
        };
    }

    private static Optional<SignedJWT> parse(String token) {
        try {
            return Optional.of(SignedJWT.parse(token));
        } catch (ParseException | RuntimeException e) {
            return Optional.empty(); // the parser throws unchecked ones too, as for a header "null"
        }
    }

    private TokenCheck verify(SignedJWT jwt, JWK key) {
        try {
            return isSignedWith(key, jwt)
                    ? claims.judge(jwt.getHeader(), jwt.getJWTClaimsSet(), clock.instant())
                    : new TokenCheck.Refused(Reason.SIGNATURE);
        } catch (JOSEException e) {
            return new TokenCheck.Refused(Reason.SIGNATURE);
        } catch (ParseException e) {
            return new TokenCheck.Refused(Reason.CLAIMS);
        }
    }

    /** Never looks at keys that the token brings along, and refuses critical extensions. */
    private static boolean isSignedWith(JWK key, SignedJWT jwt) throws JOSEException {
        return switch (key) {
            case RSAKey rsa -> jwt.verify(new RSASSAVerifier(rsa));
            case ECKey ec -> jwt.verify(new ECDSAVerifier(ec));
            default -> false;
        };
    }

    private static String sha256(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
