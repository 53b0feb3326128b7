// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.kit.http.HttpServer;
import ai.jan.kit.json.Json;
import ai.jan.kit.logging.JsonLines;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The one line that is written about a request. */
@Timeout(60)
class RequestLogIT {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(HttpServer.class);

    private static TestingDatabase storage;
    private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();
    private final Lines appender = new Lines();
    private TestingService service;

    private final class Lines extends AppenderBase<ILoggingEvent> {
        private final JsonLines encoder = new JsonLines();

        @Override
        public void start() {
            encoder.start();
            super.start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            try {
                lines.add(Json.parse(encoder.encode(event)));
            } catch (IOException e) {
                throw new IllegalStateException("a line that is no JSON", e);
            }
        }
    }

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
        appender.start();
        LOGGER.addAppender(appender);
    }

    @AfterEach
    void stop() {
        LOGGER.detachAppender(appender);
        service.close();
    }

    @Test
    void tellsWhoAskedWhatAndHowItWentButNotWhatWasSaid() throws Exception {
        service.model()
                .next(answering ->
                        answering.stream()
                                .content("a secret answer")
                                .raw(
                                        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,"
                                                + "\"completion_tokens\":9,\"total_tokens\":16}}\n\n")
                                .done());

        service.alice().chat("a secret question", ",\"stream\":true");

        var line = line();
        assertThat(line.path("message").asText()).isEqualTo("POST /v1/chat/completions 200");
        assertThat(line.path("level").asText()).isEqualTo("INFO");
        assertThat(line.path("request_id").asText()).isEqualTo("req-of-alice");
        assertThat(line.path("client_request_id").asText()).startsWith("req_");
        assertThat(line.path("subject").asText()).isEqualTo("alice");
        assertThat(line.path("plan").asText()).isEqualTo("free");
        assertThat(line.path("operation").asText()).isEqualTo("chat");
        assertThat(line.path("model").asText()).isEqualTo("some/model");
        assertThat(line.path("backend").asText()).isEqualTo("one");
        assertThat(line.path("stream").asBoolean()).isTrue();
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("input_tokens").asInt()).isEqualTo(7);
        assertThat(line.path("output_tokens").asInt()).isEqualTo(9);
        assertThat(line.path("first_byte_seconds").isDouble()).isTrue();
        assertThat(line.path("first_token_seconds").isDouble()).isTrue();
        assertThat(line.path("seconds").asDouble())
                .isGreaterThanOrEqualTo(line.path("first_byte_seconds").asDouble());
        assertThat(line.toString()).doesNotContain("secret");
        assertThat(lines).isEmpty();
    }

    @Test
    void tellsOfAFailureAfterTheStatusWasSent() throws Exception {
        service.model()
                .next(answering -> {
                    answering.stream().content("Good");
                    answering.cut();
                });

        service.alice().chat("hello", ",\"stream\":true");

        var line = line();
        while (!line.has("route")) {
            line = line(); // the warning comes first
        }
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("error").asText()).isEqualTo("502");
    }

    private JsonNode line() throws InterruptedException {
        return lines.poll(20, TimeUnit.SECONDS);
    }
}
