// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import ai.jan.kit.identity.Person;
import ai.jan.plugins.auth.token.TokenCheck.Reason;
import ai.jan.plugins.revocation.Revocations;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges the claims of a token whose signature is genuine. Immutable. */
final class Claims {
    /** A subject becomes a header and an owner's name. */
    private static final Pattern SUBJECT = Pattern.compile("[!-~]{1,255}");

    private static final Set<JOSEObjectType> RFC_9068_TYPES =
            Set.of(new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"));

    private final TokenRules rules;

    Claims(TokenRules rules) {
        this.rules = rules;
    }

    TokenCheck judge(JWSHeader header, JWTClaimsSet claims, Instant now) throws ParseException {
        return objection(header, claims, now)
                .<TokenCheck>map(TokenCheck.Refused::new)
                .orElseGet(() -> new TokenCheck.Accepted(accessToken(claims)));
    }

    private Optional<Reason> objection(JWSHeader header, JWTClaimsSet claims, Instant now)
            throws ParseException {
        if (!rules.issuer().equals(claims.getIssuer())) {
            return Optional.of(Reason.ISSUER);
        }
        if (Collections.disjoint(claims.getAudience(), rules.audiences())) {
            return Optional.of(Reason.AUDIENCE);
        }
        if (claims.getExpirationTime() == null || !now.isBefore(end(claims))) {
            return Optional.of(Reason.EXPIRED);
        }
        var notBefore = claims.getNotBeforeTime();
        if (notBefore != null && now.isBefore(notBefore.toInstant().minus(rules.clockSkew()))) {
            return Optional.of(Reason.NOT_YET_VALID);
        }
        if (!isAccessToken(header, claims)) {
            return Optional.of(Reason.NOT_AN_ACCESS_TOKEN);
        }
        var subject = claims.getSubject();
        return subject != null && SUBJECT.matcher(subject).matches()
                ? Optional.empty()
                : Optional.of(Reason.CLAIMS);
    }

    /** Of a token that means to live longer than revocations do, the end is when they do. */
    private Instant end(JWTClaimsSet claims) {
        var end = claims.getExpirationTime().toInstant().plus(rules.clockSkew());
        var issued = claims.getIssueTime();
        if (issued == null) {
            return end;
        }
        var latest = issued.toInstant().plus(Revocations.LONGEST_TOKEN);
        return end.isBefore(latest) ? end : latest;
    }

    /**
     * ID and refresh tokens are signed by the same provider for the same audience. Keycloak tells
     * them apart by its claim {@code typ}, others by the header (RFC 9068). A token bound to its
     * sender (RFC 7800) is worth nothing without the proof, which is not looked at here.
     */
    private static boolean isAccessToken(JWSHeader header, JWTClaimsSet claims)
            throws ParseException {
        var type = claims.getClaim("typ");
        var isBearer =
                type == null
                        ? header.getType() != null && RFC_9068_TYPES.contains(header.getType())
                        : "Bearer".equals(type);
        return isBearer && claims.getClaim("cnf") == null;
    }

    private AccessToken accessToken(JWTClaimsSet claims) {
        var realmAccess = claims.getClaim("realm_access");
        var roles = realmAccess instanceof Map<?, ?> access ? texts(access.get("roles")) : null;
        var issued = claims.getIssueTime();
        var scope = claims.getClaim("scope") instanceof String text ? text : "";
        return new AccessToken(
                claims.getSubject(),
                text(claims.getClaim("sid")),
                roles == null ? Set.of() : Set.copyOf(roles),
                Set.copyOf(Arrays.stream(scope.split(" ")).filter(s -> !s.isEmpty()).toList()),
                texts(claims.getClaim("groups")).stream()
                        .map(group -> group.startsWith("/") ? group.substring(1) : group)
                        .toList(),
                new Person(
                        text(claims.getClaim("preferred_username")),
                        text(claims.getClaim("email"))),
                issued == null ? Instant.EPOCH : issued.toInstant(),
                end(claims));
    }

    private static @Nullable String text(@Nullable Object claim) {
        return claim instanceof String text ? text : null;
    }

    private static List<String> texts(@Nullable Object claim) {
        return claim instanceof Collection<?> values
                ? values.stream().filter(String.class::isInstance).map(String.class::cast).toList()
                : List.of();
    }
}
