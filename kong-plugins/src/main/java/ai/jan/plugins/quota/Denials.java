// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.plugins.ExpiringCache;
import ai.jan.quota.Limit;
import ai.jan.quota.LimitState;
import ai.jan.quota.Reservation;
import ai.jan.quota.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger refused, until it would no longer. Only limits on requests are remembered: what
 * is counted there is never given back, so nothing but time makes room. An attack that hammers a
 * used-up limit stops here. Thread-safe.
 */
public final class Denials {
    private static final int MOST = 10_000;

    /**
     * @param at when it was asked, which is before the database answered
     */
    private record Denial(LimitState state, Instant at) {
        LimitState now(Instant now) {
            long passed = Duration.between(at, now).toNanos();
            return new LimitState(
                    state.limit(),
                    state.asked(),
                    state.taken(),
                    Math.max(state.level() - passed, 0));
        }
    }

    private final InstantSource clock;
    private final ExpiringCache<Limit, Denial> denials;

    /**
     * @param clock that is never set: host clocks may be wrong
     */
    Denials(InstantSource clock) {
        this.clock = clock;
        this.denials = new ExpiringCache<>(MOST, clock);
    }

    public static Denials start() {
        long start = System.nanoTime();
        return new Denials(() -> Instant.ofEpochSecond(0, System.nanoTime() - start));
    }

    Instant now() {
        return clock.instant();
    }

    /** The limit that is known to have no room, if there is one. */
    Optional<List<LimitState>> of(Reservation reservation) {
        for (var limit : reservation.limits()) {
            var denial = denials.get(limit);
            if (denial.isPresent()
                    && reservation.amount().requests() >= denial.get().state.asked()) {
                return Optional.of(List.of(denial.get().now(now())));
            }
        }
        return Optional.empty();
    }

    /** Remembers a refusal that was asked for at a time. */
    void add(List<LimitState> refused, Instant asked) {
        for (var state : refused) {
            if (state.limit().unit() == Unit.REQUESTS) {
                state.pause()
                        .filter(pause -> !pause.isZero())
                        .ifPresent(pause ->
                                denials.put(
                                        state.limit(),
                                        new Denial(state, asked),
                                        asked.plus(pause)));
            }
        }
    }
}
