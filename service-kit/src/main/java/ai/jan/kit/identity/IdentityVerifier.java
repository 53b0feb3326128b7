// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service's proof that a request came through the gateway. Several keys may be valid at once, so
 * that a key can be changed without refusing requests. Thread-safe.
 */
public final class IdentityVerifier {
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    private final String audience;
    private final List<MACVerifier> verifiers;
    private final Clock clock;

    /**
     * @param audience the name of the service that verifies
     * @param keys the current key, and the previous one while it is being replaced
     */
    public IdentityVerifier(String audience, List<IdentityKey> keys, Clock clock) {
        this.audience = audience;
        this.clock = clock;
        this.verifiers = keys.stream().map(IdentityKey::verifier).toList();
    }

    /**
     * The identity in a header value, or nothing if it is absent, forged, stale or for another
     * service.
     */
    public Optional<Identity> verify(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            var jwt = SignedJWT.parse(header);
            return isGenuine(jwt) ? Optional.of(identity(jwt.getJWTClaimsSet())) : Optional.empty();
        } catch (ParseException
                | JOSEException
                | IllegalArgumentException
                | NullPointerException e) {
            return Optional.empty(); // whatever is wrong with it, it proves nothing
        }
    }

    private boolean isGenuine(SignedJWT jwt) throws JOSEException, ParseException {
        if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())
                || !IdentitySigner.TYPE.equals(jwt.getHeader().getType())) {
            return false;
        }
        for (var verifier : verifiers) {
            if (jwt.verify(verifier)) {
                return isMeantForUsNow(jwt.getJWTClaimsSet());
            }
        }
        return false;
    }

    private boolean isMeantForUsNow(JWTClaimsSet claims) {
        var now = clock.instant();
        var expires = claims.getExpirationTime();
        var issued = claims.getIssueTime();
        return claims.getAudience().equals(List.of(audience))
                && expires != null
                && now.isBefore(expires.toInstant().plus(CLOCK_SKEW))
                && issued != null
                && !issued.toInstant().minus(CLOCK_SKEW).isAfter(now);
    }

    private static Identity identity(JWTClaimsSet claims) throws ParseException {
        return new Identity(
                Objects.requireNonNull(claims.getSubject()),
                Identity.Method.valueOf(claims.getStringClaim("method")),
                Set.copyOf(claims.getStringListClaim("roles")),
                Set.copyOf(claims.getStringListClaim("scopes")),
                Objects.requireNonNull(claims.getStringClaim("plan")),
                claims.getStringClaim("team"),
                claims.getStringClaim("key_id"),
                Objects.requireNonNull(claims.getStringClaim("request_id")),
                models(claims.getJSONObjectClaim(IdentitySigner.MODELS)),
                person(claims));
    }

    private static @Nullable Person person(JWTClaimsSet claims) throws ParseException {
        var username = claims.getStringClaim(IdentitySigner.USERNAME);
        var email = claims.getStringClaim(IdentitySigner.EMAIL);
        return username == null && email == null ? null : new Person(username, email);
    }

    private static @Nullable ModelGrant models(@Nullable Map<String, Object> claim)
            throws ParseException {
        if (claim == null) {
            return null;
        }
        var aliases = new HashMap<String, List<String>>();
        var named = Objects.requireNonNull(JSONObjectUtils.getJSONObject(claim, "aliases"));
        for (var name : named.keySet()) {
            aliases.put(name, strings(named, name));
        }
        return new ModelGrant(
                Set.copyOf(strings(claim, "ids")),
                aliases,
                JSONObjectUtils.getString(claim, "asked"));
    }

    private static List<String> strings(Map<String, Object> claim, String name)
            throws ParseException {
        return List.copyOf(Objects.requireNonNull(JSONObjectUtils.getStringList(claim, name)));
    }
}
