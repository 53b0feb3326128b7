// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.Sleeper;
import com.openai.core.http.Headers;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the official client makes of limits, through a gateway with small ones: it waits as long as
 * it is told, and not at all if that is pointless.
 */
@Timeout(60)
@ExtendWith(SharedStack.class)
class OpenAiClientWaitsIT {
    private static final int PER_MINUTE = 40; // room for one more each 1.5 s
    private static final int TOKENS = 30_000;
    private static final Pattern GO_DURATION =
            Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:([\\d.]+)s)?(?:(\\d+)ms)?");

    private static SecondGateway gateway;
    private static MeasuringSleeper sleeper;
    private static OpenAIClient busy;
    private static OpenAIClient usedUp;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        var stack = running.stack();
        var shipped = Files.readString(stack.home().resolve("kong.yml"));
        var limited =
                shipped.replaceFirst(
                                "( user:\\s+user: )\\{.*}",
                                "$1{requests_per_minute: %d, tokens_per_minute: %d}"
                                        .formatted(PER_MINUTE, TOKENS))
                        .replaceFirst(
                                "( guest:\\s+user: )\\{.*}",
                                "$1{requests_per_day: 2, tokens_per_minute: 900}");
        gateway = SecondGateway.start(stack, "limits", limited);
        sleeper = new MeasuringSleeper();
        var somebody = Long.toString(System.nanoTime(), 36);
        busy = client(stack.newKey("busy-" + somebody, "user"));
        usedUp = client(stack.newKey("used-up-" + somebody, "guest"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void itIsToldWhatIsLeftAndComesBackWhenThereIsRoomAgain() {
        assertHeaders(headers());
        var impatient = busy.withOptions(options -> options.maxRetries(0));
        RateLimitException refused = null;
        for (int i = 0; refused == null; i++) {
            assertThat(i).isLessThan(PER_MINUTE * 2);
            refused =
                    catchThrowableOfType(
                            RateLimitException.class, () -> chat(impatient, "hello", 10));
        }
        assertThat(refused.type()).contains("requests");
        assertThat(refused.code()).contains("rate_limit_exceeded");
        assertThat(refused).hasMessageContaining("Please try again in ");
        double told = Double.parseDouble(header(refused.headers(), "retry-after-ms"));
        assertThat(told).isBetween(1.0, 1500.0);
        sleeper.slept.clear();

        chat(busy, "hello", 10);

        assertThat(sleeper.slept).as("one wait, not longer than the first").hasSize(1);
        assertThat(sleeper.slept.getFirst().toMillis()).isBetween(1L, (long) told);
    }

    @Test
    void itDoesNotWaitForHoursNorForWhatNeverFits() {
        sleeper.slept.clear();
        var never =
                catchThrowableOfType(RateLimitException.class, () -> chat(usedUp, "hello", 1000));
        assertThat(never.type()).contains("tokens");
        assertThat(header(never.headers(), "x-should-retry")).isEqualTo("false");

        chat(usedUp, "hello", 10);
        chat(usedUp, "hello", 10);
        var hours = catchThrowableOfType(RateLimitException.class, () -> chat(usedUp, "hello", 10));

        assertThat(hours).hasMessageContaining("Please try again in 11h59m");
        assertThat(Double.parseDouble(header(hours.headers(), "Retry-After")))
                .isBetween(11.9 * 3600, 12.0 * 3600);
        assertThat(header(hours.headers(), "x-should-retry")).isEqualTo("false");
        assertThat(sleeper.slept).isEmpty();
    }

    /** Of the first request of somebody: all six, by OpenAI's formula (contract 5.2). */
    private static void assertHeaders(Headers headers) {
        assertThat(header(headers, "x-ratelimit-limit-requests")).isEqualTo("" + PER_MINUTE);
        assertThat(header(headers, "x-ratelimit-remaining-requests"))
                .isEqualTo("" + (PER_MINUTE - 1));
        assertThat(header(headers, "x-ratelimit-reset-requests")).isEqualTo("1.5s");
        assertThat(header(headers, "x-ratelimit-limit-tokens")).isEqualTo("" + TOKENS);
        long used = TOKENS - Long.parseLong(header(headers, "x-ratelimit-remaining-tokens"));
        assertThat(used).isBetween(10L, 1000L);
        assertThat(millis(header(headers, "x-ratelimit-reset-tokens")))
                .isBetween(used * 60_000 / TOKENS - 1, used * 60_000 / TOKENS + 1);
    }

    private static long millis(String duration) {
        var parts = GO_DURATION.matcher(duration);
        assertThat(parts.matches()).as(duration).isTrue();
        var millis = BigDecimal.ZERO;
        var units = List.of("3600000", "60000", "1000", "1");
        for (int i = 0; i < units.size(); i++) {
            if (parts.group(i + 1) != null) {
                millis =
                        millis.add(
                                new BigDecimal(parts.group(i + 1))
                                        .multiply(new BigDecimal(units.get(i))));
            }
        }
        return millis.longValueExact();
    }

    private static Headers headers() {
        try (var answer = busy.chat().completions().withRawResponse().create(params("hello", 10))) {
            return answer.headers();
        }
    }

    private static String header(Headers headers, String name) {
        assertThat(headers.values(name)).as(name).hasSize(1);
        return headers.values(name).getFirst();
    }

    private static void chat(OpenAIClient client, String text, long maxTokens) {
        client.chat().completions().create(params(text, maxTokens));
    }

    private static ChatCompletionCreateParams params(String text, long maxTokens) {
        return ChatCompletionCreateParams.builder()
                .model(TestingModel.NAME)
                .addUserMessage(text)
                .maxCompletionTokens(maxTokens)
                .build();
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url() + "/v1")
                .apiKey(key)
                .sleeper(sleeper)
                .build();
    }

    /** Sleeps, and knows how long. */
    private static final class MeasuringSleeper implements Sleeper {
        final List<Duration> slept = new ArrayList<>();

        @Override
        public void sleep(Duration duration) {
            slept.add(duration);
            try {
                Thread.sleep(duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public CompletableFuture<Void> sleepAsync(Duration duration) {
            return CompletableFuture.runAsync(() -> sleep(duration));
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
