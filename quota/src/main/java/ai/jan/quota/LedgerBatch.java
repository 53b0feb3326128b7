// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many steps as one call of one function, in one transaction, so that nothing is locked over the
 * network. By plain JDBC: every request waits for it.
 */
final class LedgerBatch {
    private static final String DECIDE = call("decide", 17);
    private static final String CLOSE = call("close", 20);
    private static final String MAKE_BUCKETS = call("make_buckets", 2);

    /** A bucket that was made may be forgotten before it is locked, but not often. */
    private static final int ATTEMPTS = 5;

    private final Connection connection;
    private final List<Reservation> reservations;
    private final BatchLimits limits;

    LedgerBatch(Connection connection, List<Reservation> reservations) {
        this.connection = connection;
        this.reservations = reservations;
        this.limits = new BatchLimits(reservations);
    }

    /**
     * @param leases by reservation, in milliseconds; none for one that is closed at once
     */
    List<Verdict> decide(@Nullable Long[] leases) throws SQLException {
        try (var statement = connection.prepareStatement(DECIDE)) {
            var arguments = new Arguments(statement);
            arguments.add(reservations);
            arguments.add(leases);
            arguments.add(limits.ends);
            arguments.add(limits.places);
            arguments.add(costs());
            arguments.add(limits.amounts());
            arguments.add(limits.windows());
            arguments.add(limits.buckets);
            arguments.add(limits.areOfMinute);
            var result = (Long[]) array(statement).getArray();
            return IntStream.range(0, reservations.size())
                    .mapToObj(i -> verdict(i, result))
                    .toList();
        }
    }

    /** Whether each was closed now, and not before. */
    List<Boolean> close(List<Settlement> settlements) throws SQLException {
        try (var statement = connection.prepareStatement(CLOSE)) {
            var arguments = new Arguments(statement);
            arguments.add(reservations);
            arguments.add(numbers(settlements, s -> s.booked().promptTokens()));
            arguments.add(numbers(settlements, s -> s.booked().completionTokens()));
            arguments.add(numbers(settlements, Settlement::money));
            arguments.add(texts(settlements, Settlement::state));
            arguments.add(limits.ends);
            arguments.add(limits.places);
            arguments.add(limits.units());
            arguments.add(limits.amounts());
            arguments.add(limits.windows());
            arguments.add(limits.buckets);
            arguments.add(limits.areOfMinute);
            return List.of((Boolean[]) array(statement).getArray());
        }
    }

    /** Null means that a bucket is missing, and that nothing was done. */
    private Array array(PreparedStatement statement) throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (var rows = statement.executeQuery()) {
                rows.next();
                var array = rows.getArray(1);
                if (array != null) {
                    return array;
                }
            }
            makeBuckets();
        }
        throw new SQLTransientException("buckets are forgotten as soon as they are made");
    }

    private void makeBuckets() throws SQLException {
        try (var statement = connection.prepareStatement(MAKE_BUCKETS)) {
            var arguments = new Arguments(statement);
            arguments.add(limits.buckets);
            arguments.add(limits.areOfMinute);
            statement.execute();
        }
    }

    private long[] costs() {
        var costs = new long[limits.limits.size()];
        for (int i = 0; i < reservations.size(); i++) {
            for (int k = limits.start(i); k < limits.ends[i]; k++) {
                costs[k] = reservations.get(i).counted(limits.limits.get(k));
            }
        }
        return costs;
    }

    private Verdict verdict(int index, Long[] result) {
        var wanted = reservations.get(index);
        var levels =
                List.of(result)
                        .subList(
                                reservations.size() + limits.start(index),
                                reservations.size() + limits.ends[index]);
        var states = Ledger.states(wanted, null, levels);
        return switch (Math.toIntExact(result[index])) {
            case 0 -> new Verdict.Refused(states);
            case 1, 2 -> new Verdict.Reserved(states);
            case 3 -> new Verdict.Over();
            default -> throw new IllegalStateException("unknown outcome " + result[index]);
        };
    }

    private static String call(String function, int arguments) {
        return "SELECT quota."
                + function
                + "("
                + String.join(", ", Collections.nCopies(arguments, "?"))
                + ")";
    }

    private static <T> @Nullable String[] texts(List<T> from, Function<T, @Nullable String> value) {
        return from.stream().map(value).toArray(String[]::new);
    }

    private static <T> long[] numbers(List<T> from, ToLongFunction<T> value) {
        return from.stream().mapToLong(value).toArray();
    }

    /** Arrays for a statement, in the order of its parameters; the driver knows their types. */
    private static final class Arguments {
        private final PreparedStatement statement;
        private int count;

        Arguments(PreparedStatement statement) {
            this.statement = statement;
        }

        void add(Object array) throws SQLException {
            statement.setObject(++count, array);
        }

        void add(List<Reservation> reservations) throws SQLException {
            add(texts(reservations, Reservation::id));
            add(texts(reservations, r -> r.spender().subject()));
            add(texts(reservations, r -> r.spender().plan()));
            add(texts(reservations, r -> r.spender().keyId()));
            add(texts(reservations, r -> r.spender().team()));
            add(texts(reservations, r -> r.spender().model()));
            add(numbers(reservations, r -> r.amount().requests()));
            add(numbers(reservations, r -> r.amount().tokens()));
            add(numbers(reservations, r -> r.price().of(r.amount())));
        }
    }
}
