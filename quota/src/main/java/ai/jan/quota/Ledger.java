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
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The reservations of all nodes: each step is one call of one database function, which locks, reads
 * the database's clock, and decides. All steps may be repeated. Thread-safe.
 */
public final class Ledger {
    /** How long a reservation holds without being renewed. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    private static final String EXTEND =
            """
            SELECT outcome, levels FROM quota.extend(
              :id, :subject, :plan, :key, :team, :model, :requests, :tokens, :money,
              :buckets, :units, :limits, :windows, :lease)
            """;

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
     * Decides claims, one after the other, in one step.
     *
     * @return one for each, in their order
     */
    public List<Verdict> decide(List<Claim> claims) {
        var leases =
                claims.stream()
                        .map(claim -> claim.isOpen() ? lease.toMillis() : null)
                        .toArray(Long[]::new);
        var reservations = claims.stream().map(Claim::reservation).toList();
        try {
            return database.withConnection(
                    connection -> new LedgerBatch(connection, reservations).decide(leases));
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
        var wanted = reservation.of(total);
        try {
            return database.with(handle ->
                    bound(handle.createQuery(EXTEND), wanted)
                            .bind("lease", lease.toMillis())
                            .map((row, _) -> verdict(row, wanted, reservation))
                            .one());
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
     * Closes reservations in one step: all of them, or none if it fails.
     *
     * @return for each, in their order, false if it was closed before, and nothing was done
     * @throws DatabaseUnavailable if it cannot be done now; it should be tried again
     */
    public List<Boolean> close(List<Settlement> settlements) {
        return database.withConnection(connection ->
                new LedgerBatch(
                                connection,
                                settlements.stream().map(Settlement::reservation).toList())
                        .close(settlements));
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

    private static Query bound(Query query, Reservation wanted) {
        var spender = wanted.spender();
        var limits = new BatchLimits(List.of(wanted));
        return query.bind("id", wanted.id())
                .bind("subject", spender.subject())
                .bind("plan", spender.plan())
                .bind("key", spender.keyId())
                .bind("team", spender.team())
                .bind("model", spender.model())
                .bind("requests", wanted.amount().requests())
                .bind("tokens", wanted.amount().tokens())
                .bind("money", wanted.price().of(wanted.amount()))
                .bind("buckets", limits.buckets)
                .bind("units", limits.units())
                .bind("limits", limits.amounts())
                .bind("windows", limits.windows());
    }

    private static Verdict verdict(ResultSet row, Reservation wanted, Reservation held)
            throws SQLException {
        var levels = (Long[]) row.getArray("levels").getArray();
        var states = states(wanted, held, List.of(levels));
        return switch (row.getString("outcome")) {
            case "reserved", "repeated" -> new Verdict.Reserved(states);
            case "refused" -> new Verdict.Refused(states);
            case "over" -> new Verdict.Over();
            case String other -> throw new IllegalStateException("unknown outcome " + other);
        };
    }

    /**
     * @param held what was taken before, if anything
     * @param levels by limit
     */
    static List<LimitState> states(
            Reservation wanted, @Nullable Reservation held, List<Long> levels) {
        return IntStream.range(0, levels.size())
                .mapToObj(i -> {
                    var limit = wanted.limits().get(i);
                    long taken = held == null ? 0 : held.counted(limit);
                    long asked = Math.max(wanted.counted(limit) - taken, 0);
                    return new LimitState(limit, asked, taken, levels.get(i));
                })
                .toList();
    }
}
