// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

/** What became of a token. */
public sealed interface TokenCheck {
    record Accepted(AccessToken token) implements TokenCheck {}

    record Refused(Reason reason) implements TokenCheck {}

    /** The provider's keys cannot be had, so nobody can tell. */
    record Unavailable() implements TokenCheck {}

    /** Why a token is refused. */
    enum Reason {
        NOT_A_TOKEN,
        ALGORITHM,
        UNKNOWN_KEY,
        SIGNATURE,
        ISSUER,
        AUDIENCE,
        EXPIRED,
        NOT_YET_VALID,
        NOT_AN_ACCESS_TOKEN,
        CLAIMS
    }
}
