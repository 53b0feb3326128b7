// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.database.Database;
import ai.jan.kit.lifecycle.Recurring;
import ai.jan.plugins.guests.ExpiredGuests;
import ai.jan.plugins.guests.GuestRemoval;
import ai.jan.plugins.keycloak.Keycloak;
import ai.jan.plugins.revocation.Revocations;
import ai.jan.plugins.watch.RealmWatch;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done at Keycloak without a request.
 *
 * @param watch nothing if this process may not read the realm's events
 */
record KeycloakJobs(Recurring removal, Optional<Recurring> watch) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeycloakJobs.class);

    static KeycloakJobs start(
            Keycloak keycloak, Database database, ExpiredGuests guests, Revocations revocations) {
        if (keycloak.events().isEmpty()) {
            LOG.warn(
                    "users disabled in Keycloak keep their tokens until these expire, and their"
                            + " API keys: JAN_KEYCLOAK_WATCH_SECRET is not set");
        }
        return new KeycloakJobs(
                GuestRemoval.start(database, guests),
                keycloak.events().map(realm -> RealmWatch.start(realm, database, revocations)));
    }

    @Override
    public void close() {
        watch.ifPresent(Recurring::close);
        removal.close();
    }
}
