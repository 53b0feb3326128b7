// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.database.TestingLink;
import ai.jan.llm.backend.BackendConfig;
import ai.jan.llm.backend.Capacity;
import ai.jan.llm.backend.Deadlines;
import ai.jan.llm.backend.ServedModel;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that leaves stops the model, whatever the request is waiting for. */
@Timeout(60)
class ClientGoneIT {
    private static final String STREAM = ",\"stream\":true";
    private static final TestingModelServer.Script SILENT = _ -> Thread.sleep(30_000);

    private static TestingDatabase storage;
    private final CountDownLatch asked = new CountDownLatch(1);
    private TestingModelServer model;
    private TestingLink link;
    private TestingLlmApi api;
    private String identity;

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
        link = TestingLink.to(model.url().getPort());
        api =
                TestingLlmApi.start(
                        storage,
                        new BackendConfig(
                                "one",
                                URI.create("http://127.0.0.1:" + link.port() + "/v1"),
                                Optional.empty(),
                                List.of(
                                        new ServedModel(
                                                TestingLlmApi.MODEL,
                                                "upstream",
                                                OptionalInt.empty())),
                                Deadlines.DEFAULT,
                                new Capacity(1, 1)));
        identity = api.caller("alice").identity();
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
        link.close();
        model.close();
    }

    @Test
    void beforeTheModelHasAccepted() throws Exception {
        model.next(this::neverAccepted);
        try (var client = connect()) {
            RawChat.send(client, identity, "hello", STREAM);
            asked.await();
        }
        assertModelIsFree();
    }

    @Test
    void beforeTheFirstToken() throws Exception {
        model.next(answering -> {
            answering.stream();
            asked.countDown();
            SILENT.play(answering);
        });
        try (var client = connect()) {
            RawChat.send(client, identity, "hello", STREAM);
            asked.await();
        }
        assertModelIsFree();
    }

    @Test
    void betweenTokens() throws Exception {
        model.next(answering -> {
            answering.stream().content("a");
            SILENT.play(answering);
        });
        try (var client = connect()) {
            RawChat.send(client, identity, "hello", STREAM);
            RawChat.readUntil(client, "\"a\"");
        }
        assertModelIsFree();
    }

    @Test
    void whileAWholeAnswerIsMade() throws Exception {
        model.next(this::neverAccepted);
        try (var client = connect()) {
            RawChat.send(client, identity, "hello", "");
            asked.await();
        }
        assertModelIsFree();
    }

    @Test
    void inTheQueue() throws Exception {
        var release = new CountDownLatch(1);
        model.next(answering -> {
            answering.stream().content("a");
            asked.countDown();
            release.await();
            answering.done();
        });
        try (var first = connect()) {
            RawChat.send(first, identity, "hello", STREAM);
            asked.await();
            try (var second = connect()) {
                RawChat.send(second, identity, "from the queue", STREAM);
                Thread.sleep(300); // to get there
            }
            try (var third = connect()) {
                RawChat.send(third, identity, "third", "");
                Thread.sleep(300);
                release.countDown();
                RawChat.readUntil(first, "[DONE]");
                RawChat.readUntil(third, "Good day");
            }
        }
        assertThat(model.requests().toString()).doesNotContain("from the queue");
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void theWaitInTheQueueIsBounded() throws Exception {
        var patience = Duration.ofSeconds(1);
        var deadlines =
                new Deadlines(patience.multipliedBy(20), patience, patience, patience, patience);
        var offered =
                List.of(new ServedModel(TestingLlmApi.MODEL, "upstream", OptionalInt.empty()));
        var config =
                new BackendConfig(
                        "one",
                        model.url(),
                        Optional.empty(),
                        offered,
                        deadlines,
                        new Capacity(1, 1));
        model.next(answering -> {
            asked.countDown();
            SILENT.play(answering);
        });
        try (var busy = TestingLlmApi.start(storage, config);
                var first = new Socket("127.0.0.1", busy.port())) {
            RawChat.send(first, identity, "hello", STREAM);
            asked.await();
            var reply = busy.caller("alice").chat("hello", "");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.http().headers().firstValue("Retry-After")).isPresent();
            assertThat(reply.error().path("type").asText()).isEqualTo("server_error");
        }
    }

    private void neverAccepted(TestingModelServer.Answering answering)
            throws IOException, InterruptedException {
        asked.countDown();
        SILENT.play(answering);
    }

    /** The connection to it is closed, long before anything could have been written to a client. */
    private void assertModelIsFree() throws Exception {
        long start = System.nanoTime();
        while (link.openConnections() > 0) {
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(10));
            Thread.sleep(5);
        }
        assertThat(api.caller("alice").chat("next", "").status()).isEqualTo(200);
    }

    private Socket connect() throws IOException {
        return new Socket("127.0.0.1", api.port());
    }
}
