// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.json.Json;
import ai.jan.quota.Limit;
import ai.jan.quota.LimitState;
import ai.jan.quota.Refusal;
import ai.jan.quota.Unit;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the official client for Java makes of our 429s: it waits as long as it is told. */
@Timeout(60)
class OpenAiClientWaitsIT {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String COMPLETION =
            """
            {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
              "message":{"role":"assistant","content":"Hi","refusal":null},"finish_reason":"stop",
              "logprobs":null}]}
            """;

    private final List<Long> asked = new CopyOnWriteArrayList<>();
    private LimitState refused;
    private HttpServer server;
    private OpenAIClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::refuseOnce);
        server.start();
        client =
                OpenAIOkHttpClient.builder()
                        .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
                        .apiKey("any")
                        .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void itComesBackWhenThereIsRoomAgain() {
        // a minute's limit of 40 that is used up: room for one more in 1.5 s
        refused = state(40, MINUTE, 1);

        assertThat(chat()).isEqualTo("Hi");

        assertThat(asked).hasSize(2);
        assertThat(Duration.ofNanos(asked.get(1) - asked.get(0)))
                .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(20));
    }

    @Test
    void itDoesNotWaitForHours() {
        refused = state(40, Duration.ofDays(1), 20);

        assertThatThrownBy(this::chat)
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("Please try again in 12h0m0s");
        assertThat(asked).hasSize(1);
    }

    @Test
    void itDoesNotRepeatWhatNeverFits() {
        refused = state(40, MINUTE, 41);

        assertThatThrownBy(this::chat).isInstanceOf(RateLimitException.class);
        assertThat(asked).hasSize(1);
    }

    /** A limit that is used up. */
    private static LimitState state(long amount, Duration window, long asked) {
        var limit = new Limit("user", Unit.REQUESTS, amount, window);
        return new LimitState(limit, asked, 0, window.toNanos());
    }

    private String chat() {
        return client.chat()
                .completions()
                .create(
                        ChatCompletionCreateParams.builder()
                                .model("m")
                                .addUserMessage("Hello")
                                .build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
    }

    private void refuseOnce(HttpExchange exchange) throws IOException {
        asked.add(System.nanoTime());
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (asked.size() > 1) {
            send(exchange, 200, COMPLETION.getBytes(StandardCharsets.UTF_8));
            return;
        }
        var problem = Refusal.of(List.of(refused), "m");
        problem.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, problem.status(), Json.bytes(problem.toJson()));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
