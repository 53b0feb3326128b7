// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * PostgreSQL crashes: one of its processes is killed, so that it throws away its memory and
 * recovers from its log.
 */
@Timeout(60)
class LedgerCrashIT {
    private final Limit minute = Limit.of(Unit.TOKENS, 1000, Duration.ofMinutes(1), "user", "ada");
    private final Limit month = Limit.of(Unit.TOKENS, 5000, Duration.ofDays(30), "user", "ada");
    private final Limit slots = Limit.of(Unit.SLOTS, 2, Duration.ZERO, "user", "ada");

    private TestingDatabase server;
    private Database database;
    private Ledger ledger;

    @BeforeEach
    void open() {
        server = TestingDatabase.migrated();
        database = server.open(LoginRole.PLUGINS);
        ledger = new Ledger(database);
    }

    @AfterEach
    void close() {
        database.close();
        server.close();
    }

    @Test
    void costsOneMinutesBurstAtMost() throws Exception {
        var first = asking(1000);
        assertThat(ledger.reserve(first)).isInstanceOf(Verdict.Reserved.class);
        assertThat(ledger.reserve(asking(1000))).isInstanceOf(Verdict.Refused.class);
        Thread.sleep(1000); // the log is written behind, within three times 200 ms

        crash();

        var again = asking(1000);
        assertThat(ledger.reserve(again)).isInstanceOf(Verdict.Reserved.class); // a burst more …
        assertThat(ledger.reserve(asking(1000)))
                .isInstanceOf(Verdict.Refused.class); // … and no more
        assertThat(remaining(month)).isEqualTo(3000);
        assertThat(remaining(slots)).isZero();
        assertThat(ledger.settle(first, new Amount(1, 400, 0))).isTrue();
        assertThat(ledger.settle(again, new Amount(1, 300, 0))).isTrue();
        assertThat(remaining(month)).isBetween(4299L, 4300L); // both refunds bore the leak
        assertThat(remaining(slots)).isEqualTo(2);
    }

    @Test
    void aReservationIsBookedOnceWhetherItWasLostOrNot() throws Exception {
        var reservation = asking(1000);
        ledger.reserve(reservation);

        crash();

        assertThat(ledger.settle(reservation, new Amount(1, 400, 100))).isTrue();
        assertThat(ledger.settle(reservation, new Amount(1, 400, 100))).isFalse();
        assertThat(remaining(month)).isEqualTo(4500);
        assertThat(remaining(slots)).isEqualTo(2);
    }

    @Test
    void aSettlementThatWasLostIsClosedByItsLeaseAtWhatWasReserved() throws Exception {
        var shortLease = new Ledger(database, Duration.ofMillis(200));
        var reservation = asking(1000);
        shortLease.reserve(reservation);
        Thread.sleep(1000); // this is in the log
        assertThat(shortLease.settle(reservation, new Amount(1, 400, 100))).isTrue();

        crash();
        var _ = ledger.expire(10);

        assertThat(remaining(month))
                .as("kept or lost, not more; a refund bears the leak")
                .satisfiesAnyOf(
                        left -> assertThat(left).isBetween(4499L, 4500L),
                        left -> assertThat(left).isBetween(3999L, 4001L));
        assertThat(remaining(slots)).isEqualTo(2);
    }

    private void crash() throws Exception {
        long backend =
                database.with(handle ->
                        handle.createQuery("SELECT pg_backend_pid()").mapTo(Long.class).one());
        assertThat(new ProcessBuilder("kill", "-KILL", "" + backend).start().waitFor()).isZero();
        while (ProcessHandle.of(backend).map(ProcessHandle::isAlive).orElse(false)) {
            Thread.sleep(10);
        }
        while (!database.isReachable()) { // it recovers
            Thread.sleep(50);
        }
    }

    private Reservation asking(long promptTokens) {
        return new Reservation(
                UUID.randomUUID().toString(),
                new Spender("ada", "pro", null, null, "m"),
                new Amount(1, promptTokens, 0),
                Price.FREE,
                List.of(minute, month, slots));
    }

    private long remaining(Limit limit) {
        var nothing =
                new Reservation(
                        UUID.randomUUID().toString(),
                        new Spender("observer", "pro", null, null, null),
                        Amount.ofRequests(0),
                        Price.FREE,
                        List.of(limit));
        return ((Verdict.Reserved) ledger.charge(nothing)).states().getFirst().remaining();
    }
}
