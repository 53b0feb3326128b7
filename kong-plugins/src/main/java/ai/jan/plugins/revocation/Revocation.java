// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.revocation;

import java.time.Instant;

/**
 * Some access tokens that are refused although their signature and time are good.
 *
 * @param value the claim {@code sid} or {@code sub} that they have; of everybody a constant
 * @param issuedBefore of a subject and of everybody those issued before; of a session all, this is
 *     when it ended
 * @param expiresAt when the last of these tokens has expired, so that this may be forgotten
 */
record Revocation(Kind kind, String value, Instant issuedBefore, Instant expiresAt) {
    /** Which tokens belong together. */
    enum Kind {
        SESSION("session"),
        SUBJECT("subject"),
        EVERYBODY("everybody");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        /**
         * @throws IllegalArgumentException if there is no such kind
         */
        static Kind of(String wireName) {
            return switch (wireName) {
                case "session" -> SESSION;
                case "subject" -> SUBJECT;
                case "everybody" -> EVERYBODY;
                default -> throw new IllegalArgumentException("no kind of revocation: " + wireName);
            };
        }
    }
}
