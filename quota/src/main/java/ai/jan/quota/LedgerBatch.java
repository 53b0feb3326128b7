// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Several steps under the same limits as one statement: their functions run one after the other in
 * one transaction, so the buckets are locked once and never over the network.
 */
final class LedgerBatch {
    private static final String LIMITS = ":buckets, :units, :limits, :windows";
    private static final String RESERVATIONS =
            ":ids, :subjects, :plans, :keys, :teams, :models, :requests, :tokens, :money";
    private static final String COLUMNS =
            "id, subject, plan, key_id, team, model, requests, tokens, money";
    private static final String OF_Q =
            "q.id, q.subject, q.plan, q.key_id, q.team, q.model, q.requests, q.tokens, q.money";

    private static final String DECIDE =
            "SELECT r.outcome, r.levels FROM unnest("
                    + RESERVATIONS
                    + ", :leases) WITH ORDINALITY AS q ("
                    + COLUMNS
                    + ", lease, n), LATERAL quota.reserve("
                    + OF_Q
                    + ", "
                    + LIMITS
                    + ", q.lease) r ORDER BY q.n";

    private static final String CLOSE =
            "SELECT r, "
                    + Ledger.WITHOUT_WAITING
                    + " FROM unnest("
                    + RESERVATIONS
                    + ", :prompts, :completions, :usedMoney, :states) WITH ORDINALITY AS q ("
                    + COLUMNS
                    + ", prompt, completion, used_money, state, n), LATERAL quota.settle("
                    + OF_Q
                    + ", "
                    + LIMITS
                    + ", q.prompt, q.completion, q.used_money, q.state) r ORDER BY q.n";

    private LedgerBatch() {}

    static List<Verdict> decide(Handle handle, List<Claim> claims, Duration lease) {
        var reservations = claims.stream().map(Claim::reservation).toList();
        var query = bound(handle, DECIDE, reservations);
        array(query, "leases", Long.class, claims, c -> c.isOpen() ? lease.toMillis() : null);
        var verdicts = new ArrayList<Verdict>();
        query.map((row, _) -> Ledger.verdict(row, reservations.get(verdicts.size()), null))
                .forEach(verdicts::add);
        return verdicts;
    }

    /** In the order of their ids, as everybody locks reservations. */
    static List<Boolean> close(Handle handle, List<Settlement> settlements) {
        var order =
                IntStream.range(0, settlements.size())
                        .boxed()
                        .sorted(Comparator.comparing(i -> settlements.get(i).reservation().id()))
                        .toList();
        var sorted = order.stream().map(settlements::get).toList();
        var query = bound(handle, CLOSE, sorted.stream().map(Settlement::reservation).toList());
        array(query, "prompts", Long.class, sorted, s -> s.booked().promptTokens());
        array(query, "completions", Long.class, sorted, s -> s.booked().completionTokens());
        array(query, "usedMoney", Long.class, sorted, Settlement::money);
        array(query, "states", String.class, sorted, Settlement::state);
        var outcomes = query.mapTo(String.class).list();
        var done = new Boolean[outcomes.size()];
        for (int i = 0; i < done.length; i++) {
            done[order.get(i)] = outcomes.get(i).equals("settled");
        }
        return List.of(done);
    }

    private static Query bound(Handle handle, String sql, List<Reservation> reservations) {
        var limits = reservations.getFirst().limits();
        if (reservations.stream().anyMatch(other -> !other.limits().equals(limits))) {
            throw new IllegalArgumentException("not the same limits");
        }
        var query = Ledger.bound(handle.createQuery(sql), limits);
        array(query, "ids", String.class, reservations, Reservation::id);
        array(query, "subjects", String.class, reservations, r -> r.spender().subject());
        array(query, "plans", String.class, reservations, r -> r.spender().plan());
        array(query, "keys", String.class, reservations, r -> r.spender().keyId());
        array(query, "teams", String.class, reservations, r -> r.spender().team());
        array(query, "models", String.class, reservations, r -> r.spender().model());
        array(query, "requests", Long.class, reservations, r -> r.amount().requests());
        array(query, "tokens", Long.class, reservations, r -> r.amount().tokens());
        array(query, "money", Long.class, reservations, r -> r.price().of(r.amount()));
        return query;
    }

    private static <T, V> void array(
            Query query, String name, Class<V> type, List<T> from, Function<T, @Nullable V> value) {
        var values = new ArrayList<@Nullable V>();
        from.forEach(each -> values.add(value.apply(each)));
        query.bindArray(name, type, values);
    }
}
