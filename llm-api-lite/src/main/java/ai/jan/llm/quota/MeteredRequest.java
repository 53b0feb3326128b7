// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.quota;

import ai.jan.kit.metrics.ReservationMetrics;
import ai.jan.kit.metrics.ReservationMetrics.Extension;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Span;
import ai.jan.quota.Amount;
import ai.jan.quota.Ledger;
import ai.jan.quota.Refusal;
import ai.jan.quota.Reservation;
import ai.jan.quota.Verdict;
import org.jspecify.annotations.Nullable;

/** The meter of a request that the gateway reserved for. */
final class MeteredRequest implements Metered {
    private final Ledger ledger;
    private final Settlements settlements;
    private final ReservationMetrics metrics;
    private final Span request;
    private Reservation reservation;
    private boolean asked;
    private @Nullable Amount used;
    private boolean closed;

    MeteredRequest(
            Reservation reservation,
            Ledger ledger,
            Settlements settlements,
            ReservationMetrics metrics,
            Span request) {
        this.reservation = reservation;
        this.ledger = ledger;
        this.settlements = settlements;
        this.metrics = metrics;
        this.request = request;
    }

    @Override
    public synchronized void addPrompt(long tokens) {
        if (tokens <= 0) {
            return;
        }
        var total = reservation.amount().plusPrompt(tokens);
        switch (ledger.extend(reservation, total)) {
            case Verdict.Reserved _ -> {
                metrics.extended(Extension.GRANTED);
                reservation = reservation.of(total);
            }
            case Verdict.Refused(var states) -> {
                metrics.extended(Extension.REFUSED);
                throw Refusal.of(states, reservation.spender().model());
            }
            case Verdict.Over _ -> {
                metrics.extended(Extension.TOO_LATE);
                throw ApiProblem.unavailable(
                        null, "The request waited for too long. Please try again.");
            }
            case Verdict.Unavailable(var cause) -> {
                metrics.extended(Extension.STORE_DOWN);
                throw cause;
            }
        }
    }

    @Override
    public synchronized void asked() {
        asked = true;
    }

    @Override
    public synchronized void used(long promptTokens, long completionTokens) {
        used = new Amount(reservation.amount().requests(), promptTokens, completionTokens);
    }

    @Override
    public synchronized void produced(long completionTokens) {
        used(reservation.amount().promptTokens(), completionTokens);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (used != null) {
            long above = used.tokens() - reservation.amount().tokens();
            if (above > 0) {
                metrics.overrun(above);
            }
            settlements.settle(reservation, used, request);
        } else if (asked) {
            settlements.settle(reservation, reservation.amount(), request);
        } else {
            settlements.release(reservation, request);
        }
    }
}
