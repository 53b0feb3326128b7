// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.http.HttpSettings;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is asked to stop in the middle of streams. */
@Timeout(60)
class StopIT {
    private static final String STREAM = ",\"stream\":true";

    private static TestingDatabase storage;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private TestingModelServer model;

    @BeforeAll
    static void startStorage() {
        storage = TestingDatabase.migrated();
    }

    @AfterAll
    static void stopStorage() {
        storage.close();
    }

    @BeforeEach
    void start() throws IOException {
        model = new TestingModelServer();
    }

    @AfterEach
    void stop() {
        model.close();
    }

    @Test
    void finishesWhatItStreams() throws Exception {
        var api = start(Duration.ofSeconds(30));
        model.next(answering -> {
            answering.stream().content("a");
            stopping.await();
            Thread.sleep(500);
            answering.content("b").done();
        });
        try (var client = new Socket("127.0.0.1", api.port())) {
            RawChat.send(client, api.caller("alice").identity(), "hello", STREAM);
            RawChat.readUntil(client, "\"a\"");
            var stop = stopped(api);
            stopping.countDown();
            assertThat(RawChat.readUntil(client, "[DONE]")).contains("\"b\"");
            stop.join();
        }
    }

    @Test
    void waitsNoLongerThanItWasTold() throws Exception {
        var api = start(Duration.ofSeconds(1));
        model.next(answering -> {
            answering.stream().content("a");
            Thread.sleep(40_000);
        });
        long begin = System.nanoTime();
        try (var client = new Socket("127.0.0.1", api.port())) {
            RawChat.send(client, api.caller("alice").identity(), "hello", STREAM);
            RawChat.readUntil(client, "\"a\"");
            stopped(api).join();
            var rest = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).doesNotContain("[DONE]");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    private TestingLlmApi start(Duration farewell) throws IOException {
        var usual = new HttpSettings("127.0.0.1", 0);
        return TestingLlmApi.start(
                new HttpSettings(
                        usual.host(),
                        usual.port(),
                        usual.maxBody(),
                        usual.maxBodies(),
                        usual.maxRequests(),
                        usual.idle(),
                        farewell),
                storage.settings(LoginRole.LLM_API),
                TestingLlmApi.backend("one", model.url()));
    }

    private static Thread stopped(TestingLlmApi api) {
        return Thread.ofVirtual().start(api::close);
    }
}
