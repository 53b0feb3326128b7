// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import ai.jan.plugins.auth.token.TokenCheck.Reason;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The issuers that a route trusts. A token goes to the one issuer it names, so that nobody else is
 * asked for a key of theirs; that the name is true, only its verifier proves. Immutable.
 */
public final class TrustedIssuers implements CheckToken {
    private static final int MAX_SUBJECT = 255;

    private record Issuer(CheckToken tokens, String subjectPrefix) {}

    private final Map<String, Issuer> issuers;

    private TrustedIssuers(Map<String, Issuer> issuers) {
        this.issuers = issuers;
    }

    /** Trusts nobody yet: of no token can be told whether it is genuine. */
    public static TrustedIssuers none() {
        return new TrustedIssuers(Map.of());
    }

    /**
     * These and one more.
     *
     * @param issuer the exact {@code iss} of its tokens
     * @param subjectPrefix before the subjects of this issuer, so that it cannot name another's
     * @throws IllegalArgumentException if there is such an issuer, or one with this prefix
     */
    public TrustedIssuers and(String issuer, String subjectPrefix, CheckToken tokens) {
        var more = new LinkedHashMap<>(issuers);
        var prefixTaken =
                issuers.values().stream().anyMatch(one -> one.subjectPrefix.equals(subjectPrefix));
        if (prefixTaken || more.put(issuer, new Issuer(tokens, subjectPrefix)) != null) {
            throw new IllegalArgumentException(
                    "two issuers have the same name or the same subject_prefix");
        }
        return new TrustedIssuers(Map.copyOf(more));
    }

    @Override
    public TokenCheck check(String token) {
        if (issuers.isEmpty()) {
            return new TokenCheck.Unavailable();
        }
        if (issuers.size() == 1) { // needs not be looked for
            return by(issuers.values().iterator().next(), token);
        }
        if (token.length() > TokenVerifier.MAX_LENGTH) {
            return new TokenCheck.Refused(Reason.NOT_A_TOKEN);
        }
        var named = issuerOf(token);
        if (named.isEmpty()) {
            return new TokenCheck.Refused(Reason.NOT_A_TOKEN);
        }
        var issuer = issuers.get(named.get());
        return issuer == null ? new TokenCheck.Refused(Reason.ISSUER) : by(issuer, token);
    }

    /** The issuer that a token names; nothing if it is no token or names none. */
    private static Optional<String> issuerOf(String token) {
        try {
            return Optional.ofNullable(SignedJWT.parse(token).getJWTClaimsSet().getIssuer());
        } catch (ParseException | RuntimeException e) {
            return Optional.empty(); // the parser throws unchecked ones too
        }
    }

    private static TokenCheck by(Issuer issuer, String token) {
        var check = issuer.tokens.check(token);
        if (issuer.subjectPrefix.isEmpty()
                || !(check instanceof TokenCheck.Accepted(var accepted))) {
            return check;
        }
        var prefixed = accepted.prefixed(issuer.subjectPrefix);
        return prefixed.subject().length() > MAX_SUBJECT
                ? new TokenCheck.Refused(Reason.CLAIMS)
                : new TokenCheck.Accepted(prefixed);
    }
}
