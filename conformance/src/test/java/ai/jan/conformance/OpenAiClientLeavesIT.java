// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIIoException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An official client that leaves: the model stops, and what it did is written down. */
@ExtendWith(SharedStack.class)
class OpenAiClientLeavesIT {
    private static final Duration BOUND = Duration.ofSeconds(15);

    private static TestingModel model;
    private static Gateway gateway;
    private static String key;
    private static OpenAIClient client;
    private static OpenAIClient impatient;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        model = running.model();
        gateway = new Gateway(running.stack().gateway());
        key = running.stack().newKey("leaves-" + System.nanoTime(), "pro");
        client = running.client(key);
        impatient = client.withOptions(options -> options.timeout(Duration.ofMillis(1500)));
    }

    @Test
    void theModelStopsInEveryPhaseAndUsageIsWritten() throws Exception {
        var hesitant = chat("hesitantly");
        assertThatThrownBy(() -> impatient.chat().completions().create(hesitant))
                .as("without a stream")
                .isInstanceOf(OpenAIIoException.class);
        await(0, 1);

        assertThatThrownBy(
                        () -> {
                            try (var stream =
                                    impatient.chat().completions().createStreaming(hesitant)) {
                                stream.stream().findFirst();
                            }
                        })
                .as("before the first token")
                .isInstanceOf(OpenAIIoException.class);
        await(0, 2);

        try (var stream =
                client.chat().completions().createStreaming(chat("slowly and endlessly"))) {
            assertThat(stream.stream().findFirst()).isPresent();
            assertThat(model.running()).isPositive();
        }
        await(0, 3);
    }

    private static void await(int running, int requests) throws Exception {
        var deadline = Instant.now().plus(BOUND);
        while (model.running() != running || used() != requests) {
            assertThat(Instant.now())
                    .as("running: %d, used: %d", model.running(), used())
                    .isBefore(deadline);
            Thread.sleep(50);
        }
    }

    /** Requests in the caller's usage. */
    private static int used() throws Exception {
        var days = gateway.get("/v1/usage", "Authorization", "Bearer " + key).body().path("data");
        return days.valueStream().mapToInt(day -> day.path("requests").asInt()).sum();
    }

    private static ChatCompletionCreateParams chat(String text) {
        return ChatCompletionCreateParams.builder()
                .model(TestingModel.NAME)
                .addUserMessage(text)
                .build();
    }
}
