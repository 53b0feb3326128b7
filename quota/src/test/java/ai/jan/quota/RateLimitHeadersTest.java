// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was recorded of OpenAI (contract 5.2). */
class RateLimitHeadersTest {
    @ParameterizedTest
    @CsvSource({
        "REQUESTS,     500,    499,     PT1M, 120ms",
        "REQUESTS,    5000,   4999,     PT1M, 12ms",
        "REQUESTS,   10000,   9999,     PT1M, 6ms",
        "TOKENS,     30000,  29962,     PT1M, 76ms",
        "TOKENS,     30000,  29996,     PT1M, 8ms",
        "TOKENS,     40000,  39977,     PT1M, 34ms",
        "TOKENS,   1000000, 999942,     PT1M, 3ms",
        "TOKENS,     30000,   4735,     PT1M, 50.53s",
        "REQUESTS,     200,      0,   PT24H, 24h0m0s",
    })
    void areThoseOfARefillingBucket(
            Unit unit, long amount, long remaining, Duration window, String reset) {
        var limit = new Limit("user", unit, amount, window);
        var state = taken(limit, amount - remaining);

        var name = unit.name().toLowerCase(Locale.ROOT);
        assertThat(RateLimitHeaders.of(List.of(state)))
                .containsEntry("x-ratelimit-limit-" + name, "" + amount)
                .containsEntry("x-ratelimit-remaining-" + name, "" + remaining)
                .containsEntry("x-ratelimit-reset-" + name, reset)
                .hasSize(3);
    }

    /** Of the recorded triple 200, 0, 23h55m16.126s: a part of a request is back already. */
    @Test
    void aPartOfAUnitIsNotLeft() {
        var day = new Limit("user", Unit.REQUESTS, 200, Duration.ofDays(1));
        var level = Duration.parse("PT23H55M16.126S").toNanos();

        assertThat(RateLimitHeaders.of(List.of(new LimitState(day, 1, 0, level))))
                .containsEntry("x-ratelimit-remaining-requests", "0")
                .containsEntry("x-ratelimit-reset-requests", "23h55m16.126s");
    }

    /** The recording 30,000, 4,735, 50.529s: by then a millisecond had passed. */
    @Test
    void partsOfAMillisecondAreCutOff() {
        var minute = new Limit("user", Unit.TOKENS, 30_000, Duration.ofMinutes(1));
        var level = Duration.parse("PT50.5299S").toNanos();

        assertThat(RateLimitHeaders.of(List.of(new LimitState(minute, 1, 0, level))))
                .containsEntry("x-ratelimit-remaining-tokens", "4735")
                .containsEntry("x-ratelimit-reset-tokens", "50.529s");
    }

    @Test
    void tellOfTheLimitThatIsNearest() {
        var minute = taken(new Limit("a", Unit.REQUESTS, 60, Duration.ofMinutes(1)), 1);
        var day = taken(new Limit("b", Unit.REQUESTS, 200, Duration.ofDays(1)), 190);

        assertThat(RateLimitHeaders.of(List.of(minute, day)))
                .containsEntry("x-ratelimit-limit-requests", "200")
                .containsEntry("x-ratelimit-remaining-requests", "10");
    }

    @Test
    void aLimitThatDoesNotDivideTheMinuteLosesNothingByRounding() {
        var seven = new Limit("a", Unit.REQUESTS, 7, Duration.ofMinutes(1));
        long step = Math.ceilDiv(60_000_000_000L, 7);

        assertThat(new LimitState(seven, 1, 0, step).remaining()).isEqualTo(6);
        assertThat(new LimitState(seven, 1, 0, 7 * step).remaining()).isZero();
        assertThat(new LimitState(seven, 1, 0, 0).remaining()).isEqualTo(7);
    }

    @Test
    void anOverrunLeavesNothingAndIsNeverNegative() {
        var minute = new Limit("a", Unit.TOKENS, 100, Duration.ofMinutes(1));

        assertThat(taken(minute, 250).remaining()).isZero();
        assertThat(taken(minute, 250).reset()).isEqualTo(Duration.ofSeconds(150));
    }

    static LimitState taken(Limit limit, long used) {
        var level =
                BigInteger.valueOf(used)
                        .multiply(BigInteger.valueOf(limit.window().toNanos()))
                        .add(BigInteger.valueOf(limit.amount() - 1))
                        .divide(BigInteger.valueOf(limit.amount()));
        return new LimitState(limit, 1, 0, level.longValueExact());
    }
}
