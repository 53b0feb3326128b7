// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.quota;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.lifecycle.Recurring;
import ai.jan.kit.metrics.ReservationMetrics;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.quota.Ledger;
import ai.jan.quota.LedgerUpkeep;
import ai.jan.quota.Reservation;
import ai.jan.quota.ReservationVerifier;
import java.util.Optional;

/**
 * The quota of the requests this process serves. Closing it settles what is still to be settled.
 * Thread-safe.
 */
public final class Quota implements AutoCloseable {
    private final Ledger ledger;
    private final ReservationVerifier verifier;
    private final OpenReservations open;
    private final Settlements settlements;
    private final Recurring upkeep;
    private final ReservationMetrics metrics;

    private Quota(Ledger ledger, ReservationVerifier verifier, ReservationMetrics metrics) {
        this.ledger = ledger;
        this.verifier = verifier;
        this.open = OpenReservations.start(ledger);
        this.settlements = new Settlements(ledger, open, metrics);
        this.upkeep = LedgerUpkeep.start(ledger, metrics);
        this.metrics = metrics;
        metrics.watch(open::count, settlements::waiting);
    }

    public static Quota start(
            Ledger ledger, ReservationVerifier verifier, ReservationMetrics metrics) {
        return new Quota(ledger, verifier, metrics);
    }

    /**
     * The meter of a request. Without the gateway's header nothing is counted.
     *
     * @throws ApiProblem 401 if there is a header, but not one of the gateway for this request
     */
    public Metered meter(Exchange exchange, Identity caller) {
        var headers = exchange.headers(Reservation.HEADER);
        if (headers.isEmpty()) {
            return Metered.FREE;
        }
        var reservation =
                (headers.size() == 1 ? verifier.verify(headers.getFirst()) : none())
                        .filter(reserved -> reserved.id().equals(caller.requestId()))
                        .filter(reserved -> reserved.spender().subject().equals(caller.subject()))
                        .orElseThrow(() ->
                                ApiProblem.unauthorized(
                                        null, "The reservation is not one of this request."));
        open.add(reservation.id());
        return new MeteredRequest(reservation, ledger, settlements, metrics, exchange.span());
    }

    private static Optional<Reservation> none() {
        return Optional.empty();
    }

    @Override
    public void close() {
        settlements.close();
        open.close();
        upkeep.close();
    }
}
