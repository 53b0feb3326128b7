// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.guests;

import ai.jan.plugins.keycloak.Deadline;
import ai.jan.plugins.keycloak.GuestAccounts;
import ai.jan.plugins.keycloak.GuestAccounts.Guest;
import ai.jan.plugins.keycloak.KeycloakUnavailable;
import ai.jan.plugins.keys.OwnedKeys;
import ai.jan.plugins.revocation.Revocations;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guests whose time is over, and what they own. Keycloak is asked who is a guest, and since when,
 * so there is nothing here that could get out of step with it.
 */
public final class ExpiredGuests {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiredGuests.class);
    private static final int PAGE = 100;
    private static final int MOST_REMOVED = 1000;
    private static final int MOST_FAILURES = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final GuestAccounts accounts;
    private final OwnedKeys keys;
    private final EraseOwned conversations;
    private final Revocations revocations;
    private final Duration lifetime;
    private final InstantSource clock;

    public ExpiredGuests(
            GuestAccounts accounts,
            OwnedKeys keys,
            EraseOwned conversations,
            Revocations revocations,
            Duration lifetime,
            InstantSource clock) {
        this.accounts = accounts;
        this.keys = keys;
        this.conversations = conversations;
        this.revocations = revocations;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** What one pass did. An account that could not be removed is left for the next. */
    public record Pass(int removed, int failed) {}

    /**
     * Looks at every guest, a page at a time, and removes those whose time is over; when there are
     * very many, the rest is left for the next pass.
     *
     * @throws KeycloakUnavailable if it cannot say who is a guest
     * @throws ai.jan.database.DatabaseUnavailable if what a guest owns cannot be removed
     * @throws InterruptedException if it is to stop
     */
    public Pass remove() throws InterruptedException {
        var madeBefore = clock.instant().minus(lifetime);
        int kept = 0; // those who stay come first in what is left
        int removed = 0;
        int failed = 0;
        while (removed < MOST_REMOVED && failed < MOST_FAILURES) {
            var page = accounts.list(kept, PAGE, Deadline.in(PATIENCE));
            for (var guest : page) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!guest.createdAt().isBefore(madeBefore)) {
                    kept++;
                } else if (isRemoved(guest)) {
                    removed++;
                } else {
                    kept++;
                    failed++;
                }
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        return new Pass(removed, failed);
    }

    /** The account last, because without it nobody would look for the rest again. */
    private boolean isRemoved(Guest guest) {
        Instant now = clock.instant();
        keys.removeAll(guest.subject());
        revocations.subject(guest.subject(), now, now.plus(Revocations.LONGEST_TOKEN));
        try {
            conversations.erase(guest.subject());
            accounts.remove(guest.subject(), Deadline.in(PATIENCE));
            return true;
        } catch (IOException | KeycloakUnavailable e) {
            LOG.warn("a guest is not removed yet: {}", e.getMessage());
            return false;
        }
    }
}
