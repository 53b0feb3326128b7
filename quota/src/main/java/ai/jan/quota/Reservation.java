// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.util.Comparator;
import java.util.List;

/**
 * What one request may use at most, and the limits it counts against.
 *
 * @param id the gateway's id of the request, never one that a client chose
 * @param limits in the order of their buckets, which is the order in which they are locked; each
 *     bucket once
 */
public record Reservation(
        String id, Spender spender, Amount amount, Price price, List<Limit> limits) {
    /** The header that carries a signed reservation from the gateway to a service. */
    public static final String HEADER = "X-Jan-Reservation";

    public Reservation {
        limits = limits.stream().sorted(Comparator.comparing(Limit::bucket)).toList();
        if (limits.stream().map(Limit::bucket).distinct().count() < limits.size()) {
            throw new IllegalArgumentException("a bucket has one limit");
        }
    }

    /** The same request with another amount. */
    public Reservation of(Amount other) {
        return new Reservation(id, spender, other, price, limits);
    }

    /** How much of a limit this takes. */
    long counted(Limit limit) {
        return switch (limit.unit()) {
            case REQUESTS -> amount.requests();
            case TOKENS -> amount.tokens();
            case MONEY -> price.of(amount);
            case SLOTS -> 1;
        };
    }
}
