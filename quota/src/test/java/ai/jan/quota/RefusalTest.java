// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import static ai.jan.quota.RateLimitHeadersTest.taken;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration MONTH = Duration.ofDays(30);

    /** Recorded: limit 30,000, used 25,265, requested 8,020, wait 6.57 s. */
    @Test
    void tellsHowLongToWaitForTokens() {
        var state = asking(taken(limit(Unit.TOKENS, 30_000, MINUTE), 25_265), 8_020);

        var problem = Refusal.of(List.of(state), "gpt-4");

        assertThat(problem.status()).isEqualTo(429);
        assertThat(problem.type()).isEqualTo("tokens");
        assertThat(problem.code()).isEqualTo("rate_limit_exceeded");
        assertThat(problem.param()).isNull();
        assertThat(problem)
                .hasMessage(
                        "Rate limit reached for gpt-4 on tokens per min: Limit 30000, Used 25265,"
                                + " Requested 8020. Please try again in 6.57s.");
        assertThat(problem.headers())
                .containsEntry("Retry-After", "7")
                .containsEntry("retry-after-ms", "6570")
                .containsEntry("x-ratelimit-remaining-tokens", "4735")
                .doesNotContainKey("x-should-retry");
    }

    /** Recorded: limit 100,000, used 96,749, requested 19,126, wait 114h18m. */
    @Test
    void doesNotLetClientsWaitForDays() {
        var state = asking(taken(limit(Unit.TOKENS, 100_000, MONTH), 96_749), 19_126);

        var problem = Refusal.of(List.of(state), "gpt-4");

        assertThat(problem.type()).isEqualTo("insufficient_quota");
        assertThat(problem.code()).isEqualTo("insufficient_quota");
        assertThat(problem.getMessage())
                .contains("Limit 100000, Used 96749, Requested 19126")
                .contains("Please try again in 114h18m0s");
        assertThat(problem.headers())
                .containsEntry("x-should-retry", "false")
                .containsEntry("Retry-After", "411480");
    }

    @Test
    void aRequestThatNeverFitsIsNotToBeRepeated() {
        var state = asking(taken(limit(Unit.TOKENS, 1000, MINUTE), 0), 1001);

        var problem = Refusal.of(List.of(state), null);

        assertThat(problem.type()).isEqualTo("tokens");
        assertThat(problem.headers())
                .containsEntry("x-should-retry", "false")
                .doesNotContainKeys("Retry-After", "retry-after-ms");
        assertThat(problem.getMessage()).doesNotContain("try again");
    }

    @Test
    void aLimitOfNothingIsNeverWaitedFor() {
        var state = new LimitState(limit(Unit.REQUESTS, 0, MINUTE), 1, 0, 0);

        assertThat(Refusal.of(List.of(state), null).headers())
                .containsEntry("x-should-retry", "false")
                .containsEntry("x-ratelimit-limit-requests", "0");
    }

    @Test
    void aWaitOfAMinuteIsStillWaited() {
        var full = asking(taken(limit(Unit.REQUESTS, 10, MINUTE), 10), 10);

        assertThat(Refusal.of(List.of(full), null).headers())
                .containsEntry("retry-after-ms", "60000")
                .doesNotContainKey("x-should-retry");
    }

    @Test
    void ofSeveralLimitsTheOneThatTakesLongestIsTold() {
        var minute = asking(taken(limit(Unit.REQUESTS, 10, MINUTE), 10), 1);
        var day = asking(taken(limit(Unit.REQUESTS, 100, Duration.ofDays(1)), 100), 1);
        var roomy = asking(taken(limit(Unit.TOKENS, 100, MINUTE), 0), 1);

        var problem = Refusal.of(List.of(roomy, day, minute), "m");

        assertThat(problem.getMessage()).contains("requests per day").contains("14m24s");
        assertThat(problem.type()).isEqualTo("requests");
    }

    @Test
    void moneyIsToldInTheCurrencysUnit() {
        var state =
                asking(
                        taken(limit(Unit.MONEY, 20_000_000_000L, MONTH), 19_500_000_000L),
                        750_000_000);

        assertThat(Refusal.of(List.of(state), "m").getMessage())
                .contains("Limit 20, Used 19.5, Requested 0.75");
    }

    @Test
    void aSlotIsAskedForAgainSoon() {
        var state = new LimitState(limit(Unit.SLOTS, 2, Duration.ZERO), 1, 0, 2);

        var problem = Refusal.of(List.of(state), "m");

        assertThat(problem.type()).isEqualTo("requests");
        assertThat(problem.headers()).containsEntry("retry-after-ms", "1000");
    }

    private static Limit limit(Unit unit, long amount, Duration window) {
        return new Limit("user", unit, amount, window);
    }

    private static LimitState asking(LimitState state, long asked) {
        return new LimitState(state.limit(), asked, 0, state.level());
    }
}
