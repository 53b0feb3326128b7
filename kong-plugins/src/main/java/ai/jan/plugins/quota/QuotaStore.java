// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.database.Database;
import ai.jan.database.DatabaseSettings;
import ai.jan.kit.lifecycle.Recurring;
import ai.jan.kit.metrics.Metrics;
import ai.jan.quota.Amount;
import ai.jan.quota.Ledger;
import ai.jan.quota.LedgerUpkeep;
import ai.jan.quota.Price;
import ai.jan.quota.Reservation;
import ai.jan.quota.Spender;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of this process, with connections of its own: short time-outs, so that a server that
 * hangs holds none for long.
 */
public final class QuotaStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaStore.class);
    private static final int CONNECTIONS = 10;
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration STATEMENT = Duration.ofSeconds(1);
    private static final int WARM_UP = 20;

    private final Database database;
    private final Ledger ledger;
    private final Recurring upkeep;
    private final Metrics metrics;

    private QuotaStore(Database database, Ledger ledger, Metrics metrics) {
        this.database = database;
        this.ledger = ledger;
        this.metrics = metrics;
        this.upkeep = LedgerUpkeep.start(ledger, metrics.reservations());
    }

    /** Opens without waiting for the database. */
    public static QuotaStore open(DatabaseSettings settings, Metrics metrics) {
        var database =
                Database.open(
                        new DatabaseSettings(
                                settings.url(),
                                settings.user(),
                                settings.password(),
                                CONNECTIONS,
                                PATIENCE,
                                STATEMENT),
                        "kong-plugins quota",
                        metrics.databases());
        var store = new QuotaStore(database, new Ledger(database), metrics);
        var _ = Thread.ofVirtual().name("quota-warm-up").start(store::warmUp);
        return store;
    }

    public QuotaServices services(Optional<ModelPrices> prices) {
        return new QuotaServices(
                new PromptLedger(ledger, CONNECTIONS), Denials.start(), metrics.quota(), prices);
    }

    /** The first calls load classes and connect, which takes longer than a request waits. */
    private void warmUp() {
        var nothing =
                new Reservation(
                        "warm-up",
                        new Spender("nobody", "none", null, null, null),
                        Amount.ofRequests(0),
                        Price.FREE,
                        List.of());
        try {
            for (int i = 0; i < WARM_UP; i++) {
                var _ = ledger.charge(nothing); // repeated, so it leaves one row of nothing
            }
        } catch (RuntimeException e) {
            LOG.warn("the ledger cannot be used yet: {}", e.toString());
        }
    }

    @Override
    public void close() {
        upkeep.close();
        database.close();
    }
}
