// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Load;
import java.util.Locale;

/** How much is asked: a load, or one that follows from what another scenario has shown. */
public sealed interface Demand {
    /** As it stands in the file. */
    record Given(Load load) implements Demand {}

    /**
     * Requests at fixed moments, as many as a share of what was carried before.
     *
     * @param of the scenario that has shown it, of closed load on the same chain in the same run
     * @param at the share, above 0
     * @param clients how many at once at most
     */
    record Share(String of, double at, int clients) implements Demand {}

    /** Exactly one of the fields {@code clients} alone, {@code rate}, and {@code at}. */
    static Demand read(Fields fields) {
        int clients = fields.number("clients", 1, 100_000);
        var rate = fields.optionalReal("rate", 0.01, 1_000_000);
        var at = fields.optionalReal("at", 0.01, 2);
        var of = fields.optionalText("of");
        fields.end();
        if (rate.isPresent() && at.isPresent()) {
            throw fields.wrong("rate", rate.getAsDouble(), "no rate beside `at`");
        }
        if (at.isPresent() != of.isPresent()) {
            throw fields.wrong("at", at, "`at` and `of` together");
        }
        if (at.isPresent()) {
            return new Share(of.orElseThrow(), at.getAsDouble(), clients);
        }
        return new Given(
                rate.isPresent()
                        ? new Load.Open(rate.getAsDouble(), clients)
                        : new Load.Closed(clients));
    }

    /** As pages call a load. */
    static String describe(Load load) {
        return switch (load) {
            case Load.Closed(int clients) ->
                    clients == 1 ? "1 client" : String.format(Locale.ROOT, "%,d clients", clients);
            case Load.Open(double perSecond, int _) ->
                    String.format(Locale.ROOT, "%,.1f each second", perSecond);
        };
    }
}
