// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.config.Secret;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What has to be remembered between a login's beginning and its end, without remembering it: the
 * state that goes to Keycloak and back is signed and expires, and the code verifier (RFC 7636) is
 * computed from it with a key that only this platform has. The state is worth nothing in a browser
 * other than the one that began, because it names the secret in that one's cookie. Thread-safe.
 */
final class LoginState {
    /** How long a person has to log in. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(new JOSEObjectType("jan-login+jwt"))
                    .build();
    private static final int RANDOM_BYTES = 32;
    private static final int MAX_LENGTH = 8192;

    private final byte[] signatureKey;
    private final byte[] verifierKey;
    private final InstantSource clock;
    private final SecureRandom random;

    /**
     * @param secret that all nodes have; the keys are derived from it
     */
    LoginState(Secret secret, InstantSource clock, SecureRandom random) {
        this.signatureKey = mac(bytes(secret.reveal()), "jan-identity login state");
        this.verifierKey = mac(bytes(secret.reveal()), "jan-identity code verifier");
        this.clock = clock;
        this.random = random;
    }

    /**
     * A login that has begun.
     *
     * @param id unguessable, different each time
     * @param browser a digest of the secret in the browser's cookie
     * @param redirect where the browser goes in the end, if anywhere
     */
    record Login(String id, String browser, @Nullable String redirect) {}

    /** A secret for a browser's cookie. */
    String newBrowser() {
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return encoded(bytes);
    }

    Login begin(String browser, @Nullable String redirect) {
        return new Login(newBrowser(), digest(browser), redirect);
    }

    String sign(Login login) {
        var claims =
                new JWTClaimsSet.Builder()
                        .jwtID(login.id())
                        .claim("browser", login.browser())
                        .claim("redirect", login.redirect())
                        .expirationTime(Date.from(clock.instant().plus(LIFETIME)))
                        .build();
        var jwt = new SignedJWT(HEADER, claims);
        try {
            jwt.sign(new MACSigner(signatureKey));
        } catch (JOSEException e) {
            throw new IllegalStateException("signing with HS256 failed", e);
        }
        return jwt.serialize();
    }

    /** The login of a state, if it is ours and not too old. */
    Optional<Login> verify(String state) {
        if (state.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            var jwt = SignedJWT.parse(state);
            if (!HEADER.getAlgorithm().equals(jwt.getHeader().getAlgorithm())
                    || !HEADER.getType().equals(jwt.getHeader().getType())
                    || !jwt.verify(new MACVerifier(signatureKey))) {
                return Optional.empty();
            }
            var claims = jwt.getJWTClaimsSet();
            var end = claims.getExpirationTime();
            return end != null && clock.instant().isBefore(end.toInstant())
                    ? Optional.of(
                            new Login(
                                    claims.getJWTID(),
                                    claims.getStringClaim("browser"),
                                    claims.getStringClaim("redirect")))
                    : Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    /** Whether this is the secret of the browser in which the login began. */
    static boolean beganIn(Login login, String browser) {
        return MessageDigest.isEqual(bytes(login.browser()), bytes(digest(browser)));
    }

    /** PKCE's code verifier: 43 characters that cannot be guessed from the state. */
    String verifier(Login login) {
        return encoded(mac(verifierKey, login.id()));
    }

    /** PKCE's code challenge, method S256. */
    String challenge(Login login) {
        return digest(verifier(login));
    }

    private static String digest(String text) {
        try {
            return encoded(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
