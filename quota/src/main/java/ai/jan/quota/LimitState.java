// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;

/**
 * A limit as a decision found it, by the database's clock. The arithmetic is that of a bucket that
 * refills continuously, as OpenAI's headers show it.
 *
 * @param asked how much this request wanted of it
 * @param taken how much this request had taken of it before
 * @param level nanoseconds until the bucket is full again; of slots, how many are held
 */
public record LimitState(Limit limit, long asked, long taken, long level) {
    /** How long to wait for a slot: nobody knows, so not long. */
    private static final Duration SLOT_WAIT = Duration.ofSeconds(1);

    /** Charges are rounded up to a nanosecond; a few of them make no difference to what is left. */
    private static final long ROUNDING = 1_000;

    /** What is left, in whole units. */
    public long remaining() {
        if (limit.unit() == Unit.SLOTS) {
            return Math.max(limit.amount() - level, 0);
        }
        var window = limit.window().toNanos();
        var left = BigInteger.valueOf(Math.clamp(window - level + ROUNDING, 0, window));
        return left.multiply(BigInteger.valueOf(limit.amount()))
                .divide(BigInteger.valueOf(window))
                .longValueExact();
    }

    /** What is in use, in whole units; more than the limit after an overrun. */
    public long used() {
        return limit.amount() - remaining();
    }

    /** How long until all of it is there again; zero for slots. */
    public Duration reset() {
        return limit.unit() == Unit.SLOTS ? Duration.ZERO : Duration.ofNanos(level);
    }

    /**
     * How long until what was asked for is there: zero if it is, nothing if it never will be,
     * because the limit is smaller than the request.
     */
    public Optional<Duration> pause() {
        if (asked == 0) {
            return Optional.of(Duration.ZERO);
        }
        if (asked + taken > limit.amount()) {
            return Optional.empty();
        }
        if (limit.unit() == Unit.SLOTS) {
            return Optional.of(level + asked > limit.amount() ? SLOT_WAIT : Duration.ZERO);
        }
        var window = limit.window().toNanos();
        var missing = Math.max(level + step() - window, 0);
        return Optional.of(Duration.ofNanos(missing));
    }

    private long step() {
        var amount = BigInteger.valueOf(limit.amount());
        return BigInteger.valueOf(asked)
                .multiply(BigInteger.valueOf(limit.window().toNanos()))
                .add(amount.subtract(BigInteger.ONE))
                .divide(amount)
                .longValueExact();
    }
}
