// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import ai.jan.kit.metrics.Readings.Reading;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * What becomes of what the quota has reserved:
 *
 * <ul>
 *   <li>{@code jan_quota_reservations_open}: of the requests that this process serves
 *   <li>{@code jan_quota_settlements_waiting}: those to be settled, as the database allows
 *   <li>{@code jan_quota_extensions_total{outcome}}: requests for more, because the prompt grew:
 *       {@code granted}, {@code refused}, {@code too_late}, {@code store_down}
 *   <li>{@code jan_quota_closed_total{outcome}}: {@code settled}, {@code released}, {@code
 *       too_late} (somebody else had closed it), {@code left} (to its lease)
 *   <li>{@code jan_quota_expired_total}: leases that ran out, which this process noticed
 *   <li>{@code jan_quota_overruns_total} and {@code jan_quota_overrun_tokens_total}: requests that
 *       used more than was reserved for them, and by how much
 * </ul>
 *
 * Thread-safe.
 */
public final class ReservationMetrics {
    /** What became of a request for more. */
    public enum Extension {
        GRANTED,
        REFUSED,
        TOO_LATE,
        STORE_DOWN
    }

    /** How a reservation was closed. */
    public enum Closing {
        SETTLED,
        RELEASED,
        TOO_LATE,
        LEFT
    }

    private final CollectorRegistry registry;
    private final Counter extensions;
    private final Counter closed;
    private final Counter expired;
    private final Counter overruns;
    private final Counter overrunTokens;

    ReservationMetrics(CollectorRegistry registry) {
        this.registry = registry;
        extensions =
                Counter.build("jan_quota_extensions_total", "Requests to reserve more.")
                        .labelNames("outcome")
                        .register(registry);
        closed =
                Counter.build("jan_quota_closed_total", "Reservations by how they were closed.")
                        .labelNames("outcome")
                        .register(registry);
        // So that what has not happened yet is 0, not absent.
        for (var outcome : Extension.values()) {
            var _ = extensions.labels(name(outcome));
        }
        for (var outcome : Closing.values()) {
            var _ = closed.labels(name(outcome));
        }
        expired =
                Counter.build("jan_quota_expired_total", "Leases that ran out.").register(registry);
        overruns =
                Counter.build(
                                "jan_quota_overruns_total",
                                "Requests that used more tokens than were reserved.")
                        .register(registry);
        overrunTokens =
                Counter.build(
                                "jan_quota_overrun_tokens_total",
                                "Tokens used above what was reserved.")
                        .register(registry);
    }

    /** Reads what is open and what waits when Prometheus asks; to be called once. */
    public void watch(IntSupplier open, IntSupplier waiting) {
        Readings.gauge(
                        "jan_quota_reservations_open",
                        "Reservations of requests that are being served.",
                        () -> List.of(Reading.of(open.getAsInt())))
                .register(registry);
        Readings.gauge(
                        "jan_quota_settlements_waiting",
                        "Reservations that are to be settled.",
                        () -> List.of(Reading.of(waiting.getAsInt())))
                .register(registry);
    }

    /** More was asked for. */
    public void extended(Extension outcome) {
        extensions.labels(name(outcome)).inc();
    }

    /** A reservation is no longer ours. */
    public void closed(Closing outcome) {
        closed.labels(name(outcome)).inc();
    }

    /** So many leases had run out. */
    public void expired(int count) {
        expired.inc(count);
    }

    /**
     * A request used its reservation up and more.
     *
     * @param tokens above what was reserved, more than 0
     */
    public void overrun(long tokens) {
        overruns.inc();
        overrunTokens.inc((double) tokens);
    }

    private static String name(Enum<?> outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
