// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus is told. */
@Timeout(60)
class MetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CHAT =
            "gen_ai_operation_name=\"chat\",gen_ai_request_model=\"some/model\"";
    private static final String ROUTE = "route=\"/v1/chat/completions\"";

    private static TestingDatabase storage;
    private TestingService service;
    private TestingModelServer model;
    private TestingLlmApi api;
    private TestingLlmApi.Caller alice;

    @BeforeAll
    static void startStorage() {
        storage = TestingDatabase.migrated();
    }

    @AfterAll
    static void stopStorage() {
        storage.close();
    }

    @BeforeEach
    void start() {
        service = TestingService.on(storage);
        model = service.model();
        api = service.api();
        alice = service.alice();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void tellsHowAStreamWent() throws Exception {
        model.next(answering ->
                answering.stream()
                        .content("Good")
                        .content(" day")
                        .raw(
                                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,"
                                        + "\"completion_tokens\":9,\"total_tokens\":16}}\n\n")
                        .done());

        alice.chat("hello", ",\"stream\":true");

        awaitLine("jan_http_requests_total{" + ROUTE + ",method=\"POST\",status=\"200\",} 1.0");
        assertThat(api.metrics())
                .contains(
                        "gen_ai_server_request_duration_seconds_count{"
                                + CHAT
                                + ",error_type=\"\",} 1.0",
                        "gen_ai_server_time_to_first_token_seconds_count{" + CHAT + ",} 1.0",
                        "gen_ai_server_time_per_output_token_seconds_count{" + CHAT + ",} 1.0",
                        "gen_ai_client_token_usage_sum{"
                                + CHAT
                                + ",gen_ai_token_type=\"input\",} 7.0",
                        "gen_ai_client_token_usage_sum{"
                                + CHAT
                                + ",gen_ai_token_type=\"output\",} 9.0",
                        "jan_backend_requests_total{backend=\"one\",outcome=\"ok\",} 1.0",
                        "jan_http_requests_in_flight{" + ROUTE + ",older_than=\"0\",} 0.0");
    }

    @Test
    void doesNotInventUsageThatNobodyTold() throws Exception {
        model.next(answering -> answering.stream().content("Good").content(" day").done());

        alice.chat("hello", ",\"stream\":true");

        awaitLine("gen_ai_server_time_to_first_token_seconds_count{" + CHAT + ",} 1.0");
        assertThat(api.metrics())
                .noneMatch(line -> line.startsWith("gen_ai_client_token_usage_sum"));
    }

    @Test
    void showsWhatIsUnderWay() throws Exception {
        var answered = new CountDownLatch(1);
        model.next(answering -> {
            answered.await();
            answering.json(200, TestingModelServer.completion("{\"role\":\"assistant\"}"));
        });
        var request =
                Thread.startVirtualThread(() -> {
                    try {
                        alice.chat("hello", "");
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });

        awaitLine("jan_backend_requests_in_flight{backend=\"one\",} 1.0");
        awaitLine("jan_http_requests_in_flight{" + ROUTE + ",older_than=\"1\",} 1.0");
        assertThat(api.metrics())
                .contains(
                        "jan_http_requests_in_flight{" + ROUTE + ",older_than=\"0\",} 1.0",
                        "jan_http_requests_in_flight{" + ROUTE + ",older_than=\"60\",} 0.0",
                        "jan_backend_queue 0.0");
        answered.countDown();
        request.join();
        awaitLine("jan_http_requests_in_flight{" + ROUTE + ",older_than=\"0\",} 0.0");
    }

    @Test
    void showsABackendThatFails() throws Exception {
        assertThat(api.metrics())
                .contains(
                        "jan_backend_usable{backend=\"one\",} 1.0",
                        "jan_backend_breaker_open{backend=\"one\",} 0.0");
        for (int i = 0; i < 5; i++) {
            model.next(answering -> answering.json(500, "{}"));
            assertThat(alice.chat("hello", "").status()).isEqualTo(502);
        }

        awaitLine("jan_http_requests_total{" + ROUTE + ",method=\"POST\",status=\"502\",} 5.0");
        assertThat(api.metrics())
                .contains(
                        "jan_backend_requests_total{backend=\"one\",outcome=\"failed\",} 5.0",
                        "gen_ai_server_request_duration_seconds_count{"
                                + CHAT
                                + ",error_type=\"502\",} 5.0");
    }

    @Test
    void hasNoLabelThatACallerCanChoose() throws Exception {
        alice.post("/v1/chat/completions", "{\"model\":\"mine\",\"messages\":[]}");
        alice.send("BREW", "/no/such/teapot", null);

        awaitLine("jan_http_requests_total{route=\"none\",method=\"other\",status=\"404\",} 1.0");
        assertThat(api.metrics())
                .noneMatch(line -> line.contains("mine"))
                .noneMatch(line -> line.contains("teapot"))
                .noneMatch(line -> line.contains("BREW"))
                .noneMatch(line -> line.contains("alice"));
    }

    @Test
    void tellsHowLongTheDatabaseTook() throws Exception {
        assertThat(alice.get("/v1/conversations").status()).isEqualTo(200);

        assertThat(api.metrics())
                .anyMatch(line -> line.startsWith("jan_database_work_seconds_sum{pool=\"test\",}"))
                .anyMatch(line -> line.startsWith("jan_database_wait_seconds_sum{pool=\"test\",}"))
                .contains(
                        "jan_database_failures_total{pool=\"test\",} 0.0",
                        "jan_database_waiting{pool=\"test\",} 0.0",
                        "jan_database_connections{pool=\"test\",state=\"active\",} 0.0");
    }

    /** A request is counted when its answer is out. */
    private void awaitLine(String line) throws InterruptedException {
        var deadline = Instant.now().plus(PATIENCE);
        while (!api.metrics().contains(line) && Instant.now().isBefore(deadline)) {
            Thread.sleep(20);
        }
        assertThat(api.metrics()).contains(line);
    }
}
