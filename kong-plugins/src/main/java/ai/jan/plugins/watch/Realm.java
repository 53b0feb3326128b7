// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.watch;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What Keycloak tells of the realm. Every method may throw if it does not answer in time. */
public interface Realm {
    /** What is known of a user. */
    sealed interface User {
        /**
         * @param roles realm roles, with those of groups and composite ones
         */
        record Known(boolean enabled, Set<String> roles) implements User {}

        /** There is no such user. */
        record Gone() implements User {}

        /** We may not see this user. */
        record Hidden() implements User {}
    }

    /** The name under which its changes are followed. */
    String name();

    /**
     * The earliest events since a time, the first first.
     *
     * @param from that time included, by Keycloak's clock
     * @param limit at most so many
     */
    List<RealmEvent> events(Instant from, int limit);

    User user(String id);
}
