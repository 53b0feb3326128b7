// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import ai.jan.database.Database;
import ai.jan.database.DatabaseUnavailable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The reservations of all nodes: each step is one call of one database function, which locks, reads
 * the database's clock, and decides. All steps may be repeated. Thread-safe.
 */
public final class Ledger {
    /** How long a reservation holds without being renewed. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    private static final String RESERVATION =
            """
            :id, :subject, :plan, :key, :team, :model, :requests, :tokens, :money,
            :buckets, :units, :limits, :windows\
            """;

    /**
     * Of the transaction it stands in: nobody waits for the disk with locks on buckets. What a
     * crash of the server loses of settlements, half a second's at most, its leases close at what
     * was reserved.
     */
    static final String WITHOUT_WAITING = "set_config('synchronous_commit', 'off', true)";

    private final Database database;
    private final Duration lease;

    public Ledger(Database database) {
        this(database, LEASE);
    }

    /**
     * @param lease how long a reservation holds without being renewed
     */
    public Ledger(Database database, Duration lease) {
        this.database = database;
        this.lease = lease;
    }

    /** Reserves, or takes nothing from any limit. The reservation is open until it is settled. */
    public Verdict reserve(Reservation reservation) {
        return decide(List.of(new Claim(reservation, true))).getFirst();
    }

    /** The same for a request whose cost is known: closed at once, and without a slot. */
    public Verdict charge(Reservation reservation) {
        return decide(List.of(new Claim(reservation, false))).getFirst();
    }

    /**
     * Decides claims on the same limits, one after the other, in one step. Several on one set of
     * limits would else wait for each other's locks.
     *
     * @return one for each, in their order
     * @throws IllegalArgumentException if their limits differ
     */
    public List<Verdict> decide(List<Claim> claims) {
        try {
            if (claims.size() == 1) {
                var claim = claims.getFirst();
                return List.of(
                        decide(
                                "reserve",
                                claim.reservation(),
                                null,
                                claim.isOpen() ? lease : null));
            }
            return database.with(handle -> LedgerBatch.decide(handle, claims, lease));
        } catch (DatabaseUnavailable e) {
            return Collections.nCopies(claims.size(), new Verdict.Unavailable(e));
        }
    }

    /**
     * Reserves more for an open reservation.
     *
     * @param reservation with the amount reserved so far
     * @param total the new amount, not the difference; what is less than reserved is not given back
     */
    public Verdict extend(Reservation reservation, Amount total) {
        try {
            return decide("extend", reservation.of(total), reservation, lease);
        } catch (DatabaseUnavailable e) {
            return new Verdict.Unavailable(e);
        }
    }

    /**
     * Closes a reservation with what was really used; requests stay counted. What was reserved and
     * not used is given back, unless it has leaked since; what was used above it is booked. Uses
     * the price and the limits that were reserved under.
     *
     * @return false if it was closed before, and nothing was done
     * @throws DatabaseUnavailable if it cannot be done now; it should be tried again
     */
    public boolean settle(Reservation reservation, Amount used) {
        return close(List.of(new Settlement(reservation, used))).getFirst();
    }

    /**
     * Closes a reservation whose request was not served: all is given back but the count of the
     * request itself.
     *
     * @return false if it was closed before, and nothing was done
     * @throws DatabaseUnavailable if it cannot be done now
     */
    public boolean release(Reservation reservation) {
        return close(List.of(new Settlement(reservation, null))).getFirst();
    }

    /**
     * Closes reservations under the same limits, in one step: all of them, or none if it fails.
     *
     * @return for each, in their order, false if it was closed before, and nothing was done
     * @throws DatabaseUnavailable if it cannot be done now; it should be tried again
     * @throws IllegalArgumentException if their limits differ
     */
    public List<Boolean> close(List<Settlement> settlements) {
        if (settlements.size() == 1) {
            return List.of(close(settlements.getFirst()));
        }
        return database.with(handle -> LedgerBatch.close(handle, settlements));
    }

    /**
     * Renews the leases of open reservations, in one statement.
     *
     * @return those that are open
     * @throws DatabaseUnavailable if it cannot be done now
     */
    public Set<String> renew(Collection<String> ids) {
        return database.with(handle ->
                handle.createQuery("SELECT quota.renew(:ids, :lease)")
                        .bindArray("ids", String.class, List.copyOf(ids))
                        .bind("lease", lease.toMillis())
                        .mapTo(String.class)
                        .set());
    }

    /**
     * Closes reservations whose lease has run out, at what was reserved.
     *
     * @return how many; if as many as allowed, there may be more
     * @throws DatabaseUnavailable if it cannot be done now
     */
    public int expire(int most) {
        return database.with(handle ->
                handle.createQuery("SELECT quota.expire(:most)")
                        .bind("most", most)
                        .mapTo(int.class)
                        .one());
    }

    /**
     * Sums up old reservations, and forgets what no longer matters. One node at a time.
     *
     * @return how many rows were dealt with; 0 also if another node is at it
     * @throws DatabaseUnavailable if it cannot be done now
     */
    public int sweep(int most, int keepDays) {
        return database.with(handle ->
                handle.createQuery("SELECT quota.sweep(:most, :keep)")
                        .bind("most", most)
                        .bind("keep", keepDays)
                        .mapTo(int.class)
                        .one());
    }

    /**
     * What a subject used, by day (UTC) and model; what is open counts as reserved.
     *
     * @param to the last day, included
     * @throws DatabaseUnavailable if it cannot be told now
     */
    public List<Usage> used(String subject, LocalDate from, LocalDate to) {
        return database.with(handle ->
                handle.createQuery("SELECT * FROM quota.used(:subject, :from, :to)")
                        .bind("subject", subject)
                        .bind("from", from)
                        .bind("to", to)
                        .map((row, _) -> Usage.of(row))
                        .list());
    }

    private Verdict decide(
            String step,
            Reservation wanted,
            @Nullable Reservation held,
            @Nullable Duration leaseOrNone) {
        return database.with(handle ->
                bound(
                                handle,
                                "SELECT outcome, levels FROM quota."
                                        + step
                                        + "("
                                        + RESERVATION
                                        + ", :lease)",
                                wanted)
                        .bind("lease", leaseOrNone == null ? null : leaseOrNone.toMillis())
                        .map((row, _) -> verdict(row, wanted, held))
                        .one());
    }

    private boolean close(Settlement settlement) {
        return database.with(handle ->
                        bound(
                                        handle,
                                        "SELECT "
                                                + WITHOUT_WAITING
                                                + ", quota.settle("
                                                + RESERVATION
                                                + ", :prompt, :completion, :usedMoney, :state)"
                                                + " AS outcome",
                                        settlement.reservation())
                                .bind("prompt", settlement.booked().promptTokens())
                                .bind("completion", settlement.booked().completionTokens())
                                .bind("usedMoney", settlement.money())
                                .bind("state", settlement.state())
                                .map((row, _) -> row.getString("outcome"))
                                .one())
                .equals("settled");
    }

    private static Query bound(Handle handle, String sql, Reservation reservation) {
        var spender = reservation.spender();
        return bound(handle.createQuery(sql), reservation.limits())
                .bind("id", reservation.id())
                .bind("subject", spender.subject())
                .bind("plan", spender.plan())
                .bind("key", spender.keyId())
                .bind("team", spender.team())
                .bind("model", spender.model())
                .bind("requests", reservation.amount().requests())
                .bind("tokens", reservation.amount().tokens())
                .bind("money", reservation.price().of(reservation.amount()));
    }

    static Query bound(Query query, List<Limit> limits) {
        return query.bindArray("buckets", String.class, limits.stream().map(Limit::bucket).toList())
                .bindArray(
                        "units",
                        String.class,
                        limits.stream().map(limit -> limit.unit().sqlName()).toList())
                .bindArray("limits", Long.class, limits.stream().map(Limit::amount).toList())
                .bindArray(
                        "windows",
                        Long.class,
                        limits.stream().map(limit -> limit.window().toNanos()).toList());
    }

    static Verdict verdict(ResultSet row, Reservation wanted, @Nullable Reservation held)
            throws SQLException {
        var levels = (Long[]) row.getArray("levels").getArray();
        var states =
                IntStream.range(0, levels.length)
                        .mapToObj(i -> state(wanted.limits().get(i), wanted, held, levels[i]))
                        .toList();
        return switch (row.getString("outcome")) {
            case "reserved", "repeated" -> new Verdict.Reserved(states);
            case "refused" -> new Verdict.Refused(states);
            case "over" -> new Verdict.Over();
            case String other -> throw new IllegalStateException("unknown outcome " + other);
        };
    }

    private static LimitState state(
            Limit limit, Reservation wanted, @Nullable Reservation held, long level) {
        long taken = held == null ? 0 : held.counted(limit);
        return new LimitState(limit, Math.max(wanted.counted(limit) - taken, 0), taken, level);
    }
}
