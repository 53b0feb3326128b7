// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import java.time.Duration;

/** Until when something that takes several requests must be over. */
public final class Deadline {
    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /**
     * What is left, positive.
     *
     * @throws KeycloakUnavailable if nothing is
     */
    Duration left() {
        var left = Duration.ofNanos(end - System.nanoTime());
        if (!left.isPositive()) {
            throw new KeycloakUnavailable("did not do all that was asked in time");
        }
        return left;
    }
}
