// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import ai.jan.kit.problem.ApiProblem;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that a limit has no room for: 429 in OpenAI's shape, with how long to
 * wait. Of several such limits it tells of the one that takes longest.
 */
public final class Refusal {
    /** OpenAI's clients for Java and .NET would really wait, however long (contract 1.3). */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);

    private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);
    private static final Comparator<LimitState> BY_PAUSE =
            Comparator.comparing(state -> state.pause().orElse(NEVER));

    private Refusal() {}

    /** The limit that has to be waited for longest. */
    public static LimitState worst(List<LimitState> states) {
        return states.stream().max(BY_PAUSE).orElseThrow();
    }

    /**
     * @param states of {@link Verdict.Refused}
     * @param model as the client called it, for the message
     */
    public static ApiProblem of(List<LimitState> states, @Nullable String model) {
        var worst = worst(states);
        var pause = worst.pause();
        var problem =
                worst.limit().isBudget()
                        ? new ApiProblem(
                                429,
                                "insufficient_quota",
                                "insufficient_quota",
                                null,
                                "You exceeded your current quota. " + message(worst, model))
                        : new ApiProblem(
                                429,
                                type(worst),
                                "rate_limit_exceeded",
                                null,
                                message(worst, model));
        RateLimitHeaders.of(states).forEach(problem::header);
        pause.ifPresent(wait -> {
            problem.header("Retry-After", "" + ceil(wait, Duration.ofSeconds(1)));
            problem.header("retry-after-ms", "" + ceil(wait, Duration.ofMillis(1)));
        });
        if (pause.isEmpty() || pause.get().compareTo(LONGEST_RETRY) > 0) {
            problem.header("x-should-retry", "false");
        }
        return problem;
    }

    private static String type(LimitState state) {
        return state.limit().unit() == Unit.TOKENS ? "tokens" : "requests";
    }

    /** Clients look for some of these words (contract 4.6). */
    private static String message(LimitState state, @Nullable String model) {
        return "Rate limit reached for %s on %s: Limit %s, Used %s, Requested %s. %s"
                .formatted(
                        model == null ? "this request" : model,
                        subject(state.limit()),
                        number(state, state.limit().amount()),
                        number(state, state.used()),
                        number(state, state.asked() + state.taken()),
                        advice(state.pause()));
    }

    private static String advice(Optional<Duration> pause) {
        return pause.map(wait -> "Please try again in " + GoDuration.format(roundedUp(wait)) + ".")
                .orElse("The request is larger than the limit and will never fit.");
    }

    private static String subject(Limit limit) {
        return switch (limit.unit()) {
            case REQUESTS -> "requests per " + window(limit.window());
            case TOKENS -> "tokens per " + window(limit.window());
            case MONEY -> "spending per " + window(limit.window());
            case SLOTS -> "requests at the same time";
        };
    }

    private static String window(Duration window) {
        return switch ((int) window.toMinutes()) {
            case 1 -> "min";
            case 60 -> "hour";
            case 24 * 60 -> "day";
            case 30 * 24 * 60 -> "month";
            default -> GoDuration.format(window);
        };
    }

    private static String number(LimitState state, long value) {
        return state.limit().unit() == Unit.MONEY
                ? BigDecimal.valueOf(value, 9)
                        .setScale(4, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                : Long.toString(value);
    }

    private static Duration roundedUp(Duration wait) {
        return Duration.ofMillis(ceil(wait, Duration.ofMillis(1)));
    }

    private static long ceil(Duration duration, Duration unit) {
        return Math.ceilDiv(duration.toNanos(), unit.toNanos());
    }
}
