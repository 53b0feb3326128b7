// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.database.TestingLink;
import ai.jan.llm.backend.Deadlines;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model server that refuses, breaks, hangs or talks nonsense, and a client that leaves. */
@Timeout(60)
class ModelServerFailureIT {
    private static final String STREAM = ",\"stream\":true";
    private static final Deadlines WITH_A_QUICK_PROBE =
            new Deadlines(
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    Duration.ofMillis(500));
    private static final URI NOBODY = URI.create("http://127.0.0.1:9/v1");

    private static TestingDatabase storage;
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
    void start() throws IOException {
        model = new TestingModelServer();
        var deadlines =
                new Deadlines(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1));
        api = TestingLlmApi.start(storage, TestingLlmApi.backend("one", model.url(), deadlines));
        alice = api.caller("alice");
    }

    @AfterEach
    void stop() {
        api.close();
        model.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, 400, invalid_request_error,",
        "413, 413, invalid_request_error,",
        "422, 422, invalid_request_error,",
        "401, 502, server_error,",
        "404, 503, server_error,",
        "429, 429, requests, rate_limit_exceeded",
        "500, 502, server_error,",
        "503, 503, server_error,",
    })
    void tellsErrorsInOpenAisShape(int theirs, int ours, String type, String code)
            throws Exception {
        for (var stream : new String[] {"", STREAM}) {
            model.next(answering -> {
                answering.header("Retry-After", "3");
                answering.json(
                        theirs,
                        "{\"object\":\"error\",\"message\":\"theirs\",\"type\":\"X\",\"code\":"
                                + theirs
                                + "}");
            });
            var reply = alice.chat("hello", stream);
            assertThat(reply.status()).isEqualTo(ours);
            assertThat(reply.error().path("type").asText()).isEqualTo(type);
            assertThat(reply.error().path("code").textValue()).isEqualTo(code);
            boolean isTheClients = type.equals("invalid_request_error");
            assertThat(reply.text().contains("theirs")).isEqualTo(isTheClients);
            assertThat(reply.http().headers().firstValue("Retry-After").isPresent())
                    .isEqualTo(theirs == 429 || theirs == 503);
        }
    }

    @Test
    void namesAContextThatIsTooLong() throws Exception {
        model.next(answering ->
                answering.json(
                        400,
                        "{\"error\":{\"message\":\"This model's maximum context length is 10 tokens\",\"code\":400}}"));
        var error = alice.chat("hello", "").error();
        assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
        assertThat(error.path("param").asText()).isEqualTo("messages");
        assertThat(error.path("message").asText()).contains("maximum context length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "[]", "{}", "<html>"})
    void anAnswerThatIsNoneIsAnError(String body) throws Exception {
        model.next(answering -> answering.json(200, body));
        assertThat(alice.chat("hello", "").status()).isEqualTo(502);
        model.next(answering -> answering.json(200, body));
        assertThat(alice.chat("hello", STREAM).status()).isEqualTo(502);
    }

    @Test
    void aServerThatBreaksAtOnceGetsAProperStatus() throws Exception {
        model.next(answering -> answering.stream().cut());
        assertThat(alice.chat("hello", STREAM).status()).isEqualTo(502);
        model.next(answering -> answering.stream().raw("data: nonsense\n\n"));
        assertThat(alice.chat("hello", STREAM).status()).isEqualTo(502);
        model.next(TestingModelServer.Answering::cut);
        assertThat(alice.chat("hello", "").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: nonsense\n\n",
                "data: [1]\n\n",
                "data: {\"error\":{\"message\":\"theirs\",\"type\":\"X\",\"code\":500}}\n\n",
                "data: {\"error\":\"theirs\"}\n\ndata: [DONE]\n\n",
            })
    void aStreamThatGoesWrongEndsWithAnErrorEvent(String end) throws Exception {
        model.next(answering -> answering.stream().content("a").raw(end));
        var reply = alice.chat("hello", STREAM);
        assertThat(reply.status()).isEqualTo(200);
        var events = reply.text().split("\n\n");
        assertThat(events).hasSize(2);
        assertThat(events[1]).startsWith("data: {\"error\":{\"message\":\"The model server");
        assertThat(reply.text()).doesNotContain("[DONE]").doesNotContain("theirs").endsWith("\n\n");
    }

    @Test
    void anErrorThatIsNullIsTakenOut() throws Exception {
        model.next(answering ->
                answering.stream()
                        .raw("data: {\"id\":\"1\",\"error\":null,\"choices\":[]}\n\n")
                        .done());
        assertThat(alice.chat("hello", STREAM).text())
                .startsWith("data: {\"model\":\"some/model\",\"id\":\"1\",\"choices\":[]}\n\n");
    }

    @Test
    void aLastEventWithoutItsEmptyLineIsStillOne() throws Exception {
        model.next(answering -> answering.stream().content("a").raw("data: [DONE]"));
        assertThat(alice.chat("hello", STREAM).text()).endsWith("\n\ndata: [DONE]\n\n");
    }

    @Test
    void anotherReplicaAnswersWhenOneCannot() throws Exception {
        try (var pair =
                TestingLlmApi.start(
                        storage,
                        TestingLlmApi.backend("down", NOBODY),
                        TestingLlmApi.backend("up", model.url()))) {
            var caller = pair.caller("alice");
            for (int i = 0; i < 6; i++) {
                assertThat(caller.chat("hello", "").status()).isEqualTo(200);
                assertThat(caller.chat("hello", STREAM).text()).contains("[DONE]");
            }
        }
        assertThat(model.requests()).hasSize(12);
    }

    @Test
    void aReplicaThatDiesBeforeTheFirstByteIsReplaced() throws Exception {
        try (var second = new TestingModelServer();
                var pair =
                        TestingLlmApi.start(
                                storage,
                                TestingLlmApi.backend("one", model.url()),
                                TestingLlmApi.backend("two", second.url()))) {
            var caller = pair.caller("alice");
            model.next(TestingModelServer.Answering::cut);
            second.next(answering -> answering.stream().cut());
            // one of the two is asked first and dies; then the other does, or answers
            for (int i = 0; i < 4; i++) {
                caller.chat("hello", STREAM);
            }
            assertThat(caller.chat("hello", STREAM).text()).contains("[DONE]");
            assertThat(caller.chat("hello", "").status()).isEqualTo(200);
        }
    }

    @Test
    void theLessBusyReplicaIsAsked() throws Exception {
        try (var second = new TestingModelServer();
                var pair =
                        TestingLlmApi.start(
                                storage,
                                TestingLlmApi.backend("one", model.url()),
                                TestingLlmApi.backend("two", second.url()));
                var client = new Socket("127.0.0.1", pair.port())) {
            var caller = pair.caller("alice");
            TestingModelServer.Script busy =
                    answering -> {
                        answering.stream().content("busy");
                        Thread.sleep(20_000);
                    };
            model.next(busy);
            second.next(busy);
            RawChat.send(client, caller.identity(), "hello", STREAM);
            RawChat.readUntil(client, "busy");
            var idle = model.requests().isEmpty() ? model : second;
            try (var other = new Socket("127.0.0.1", pair.port())) {
                RawChat.send(other, caller.identity(), "hello", STREAM);
                RawChat.readUntil(other, "busy");
                assertThat(idle.requests()).hasSize(1);
            }
        }
    }

    @Test
    void closesTheConnectionToTheModelWhenTheClientLeaves() throws Exception {
        model.next(answering -> {
            answering.stream().content("a");
            while (true) {
                Thread.sleep(200);
                answering.content("b");
            }
        });
        try (var client = new Socket("127.0.0.1", api.port())) {
            RawChat.send(client, alice.identity(), "hello", STREAM);
            RawChat.readUntil(client, "\"a\"");
        }
        assertThat(model.wasAbandoned()).isTrue();
    }

    @Test
    void noticesThatTheClientLeftWhileTheModelIsSilent() throws Exception {
        var left = Instant.MAX;
        try (var link = TestingLink.to(model.url().getPort());
                var behind =
                        TestingLlmApi.start(
                                storage,
                                TestingLlmApi.backend(
                                        "linked",
                                        URI.create("http://127.0.0.1:" + link.port() + "/v1")))) {
            model.next(answering -> {
                answering.stream().content("a");
                Thread.sleep(30_000);
            });
            try (var client = new Socket("127.0.0.1", behind.port())) {
                RawChat.send(client, behind.caller("alice").identity(), "hello", STREAM);
                RawChat.readUntil(client, "\"a\"");
                left = Instant.now();
            }
            while (link.openConnections() > 0) {
                assertThat(Duration.between(left, Instant.now()))
                        .isLessThan(Duration.ofSeconds(10));
                Thread.sleep(20);
            }
        }
    }

    @Test
    void sendsAHeartbeatWhileTheModelIsSilent() throws Exception {
        model.next(answering -> {
            answering.stream().raw(": begins\n\n");
            Thread.sleep(1500);
            answering.content("a").done();
        });
        var text = alice.chat("hello", STREAM).text();
        assertThat(text).startsWith(": begins\n\n:\n\ndata: {").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aFirstTokenThatDoesNotComeInTimeEndsTheWait() throws Exception {
        model.next(answering -> Thread.sleep(20_000));
        var reply = alice.chat("hello", STREAM);
        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.error().path("message").asText()).contains("too long");
    }

    @Test
    void aNextTokenThatDoesNotComeInTimeEndsTheStream() throws Exception {
        model.next(answering -> {
            answering.stream().content("a");
            Thread.sleep(20_000);
        });
        assertThat(alice.chat("hello", STREAM).text())
                .contains("too long")
                .doesNotContain("[DONE]");
    }

    @Test
    void anAnswerThatDoesNotComeInTimeEndsTheWait() throws Exception {
        model.next(answering -> Thread.sleep(20_000));
        assertThat(alice.chat("hello", "").status()).isEqualTo(504);
    }

    @Test
    void aServerThatHangsIsGivenUpLongBeforeItsDeadlines() throws Exception {
        try (var patient =
                TestingLlmApi.start(
                        storage, TestingLlmApi.backend("one", model.url(), WITH_A_QUICK_PROBE))) {
            model.freeze();
            var start = Instant.now();
            var reply = patient.caller("alice").chat("hello", "");
            assertThat(reply.status()).isEqualTo(504);
            assertThat(reply.error().path("message").asText()).contains("does not respond");
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
            assertThat(patient.caller("alice").get("/readyz").status()).isEqualTo(503);
            model.thaw();
            assertThat(patient.caller("alice").chat("hello", "").status()).isEqualTo(200);
        }
    }

    @Test
    void aServerThatThinksIsNotTakenForOneThatHangs() throws Exception {
        try (var patient =
                TestingLlmApi.start(
                        storage, TestingLlmApi.backend("one", model.url(), WITH_A_QUICK_PROBE))) {
            model.next(answering -> {
                Thread.sleep(5_000);
                answering.json(
                        200,
                        TestingModelServer.completion(
                                "{\"role\":\"assistant\",\"content\":\"at last\"}"));
            });
            assertThat(patient.caller("alice").chat("hello", "").text()).contains("at last");
        }
    }

    @Test
    void aClientThatDoesNotReadSlowsTheModelDown() throws Exception {
        var sent = new AtomicInteger();
        model.next(answering -> {
            answering.stream();
            for (int i = 0; i < 4000; i++) {
                answering.content("x".repeat(10_000));
                sent.incrementAndGet();
            }
            answering.done();
        });
        try (var client = new Socket("127.0.0.1", api.port())) {
            RawChat.send(client, alice.identity(), "hello", STREAM);
            RawChat.readUntil(client, "xxx");
            int before = -1;
            while (sent.get() != before) {
                before = sent.get();
                Thread.sleep(500);
            }
            assertThat(before).isLessThan(4000);
        }
    }
}
