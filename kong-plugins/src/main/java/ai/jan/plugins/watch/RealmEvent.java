// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.watch;

import java.time.Instant;

/**
 * Something that happened in the realm.
 *
 * @param id different for each event
 * @param at by Keycloak's clock
 * @param isOurs whether our own service account did it
 */
public record RealmEvent(
        String id, Instant at, String resource, String operation, String path, boolean isOurs) {
    /** A session that a user has ended; the path is its id. */
    public static final String LOGOUT = "LOGOUT";
}
