// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.util.Locale;

/**
 * What the quota decides:
 *
 * <ul>
 *   <li>{@code jan_quota_decisions_total{plan,decision,reason}}; a decision is {@code reserved},
 *       {@code refused}, {@code store_down_denied} or {@code store_down_allowed}; the reason of a
 *       refusal is what there is no room for: {@code requests}, {@code tokens}, {@code money},
 *       {@code slots}
 *   <li>{@code jan_quota_store_seconds}: how long a request waited for the ledger
 * </ul>
 *
 * Thread-safe.
 */
public final class QuotaMetrics {
    /** What became of a request. */
    public enum Decision {
        RESERVED,
        REFUSED,
        STORE_DOWN_DENIED,
        STORE_DOWN_ALLOWED
    }

    private final Counter decisions;
    private final Histogram seconds;

    QuotaMetrics(CollectorRegistry registry) {
        decisions =
                Counter.build("jan_quota_decisions_total", "Requests by what the quota decided.")
                        .labelNames("plan", "decision", "reason")
                        .register(registry);
        seconds =
                Histogram.build("jan_quota_store_seconds", "How long the ledger took to decide.")
                        .buckets(.0002, .0005, .001, .002, .005, .01, .025, .05, .1)
                        .register(registry);
    }

    /**
     * A request was decided on.
     *
     * @param plan of a closed set
     */
    public void decided(String plan, Decision decision) {
        decided(plan, decision, "");
    }

    /**
     * A request was refused.
     *
     * @param plan of a closed set
     * @param reason the unit of the limit that has no room
     */
    public void refused(String plan, String reason) {
        decided(plan, Decision.REFUSED, reason);
    }

    /** A request waited for the ledger. */
    public void waited(Duration duration) {
        seconds.observe(duration.toNanos() / 1e9);
    }

    private void decided(String plan, Decision decision, String reason) {
        decisions.labels(plan, decision.name().toLowerCase(Locale.ROOT), reason).inc();
    }
}
