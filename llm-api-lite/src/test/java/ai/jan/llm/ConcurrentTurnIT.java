// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.database.TestingLink;
import ai.jan.llm.TestingLlmApi.Caller;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many writers of one conversation, while connections to the database break and processes lose it:
 * nothing that was confirmed is lost or doubled, and every turn is whole.
 */
class ConcurrentTurnIT {
    private static final int WRITERS = 50;

    private TestingDatabase storage;
    private TestingLink link;
    private TestingModelServer model;
    private final List<TestingLlmApi> processes = new ArrayList<>();
    private String conversation;

    @BeforeEach
    void start() throws Exception {
        storage = TestingDatabase.migrated();
        link = TestingLink.to(storage.port());
        model = new TestingModelServer();
        var direct = storage.settings(LoginRole.LLM_API);
        var linked =
                new DatabaseSettings(
                        direct.url().replace(":" + storage.port() + "/", ":" + link.port() + "/"),
                        direct.user(),
                        direct.password());
        for (int i = 0; i < 2; i++) {
            processes.add(TestingLlmApi.start(linked, TestingLlmApi.backend("one", model.url())));
        }
        conversation = caller(0).post("/v1/conversations", "{}").id();
    }

    @AfterEach
    void stop() throws IOException {
        processes.forEach(TestingLlmApi::close);
        model.close();
        link.close();
        storage.close();
    }

    @Test
    @Timeout(120)
    void manyWritersLeaveWholeTurns() throws Exception {
        assertThat(write(1)).hasSize(WRITERS);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void manyWritersLeaveWholeTurnsWhileTheDatabaseGoesAndComes() throws Exception {
        var done = new AtomicBoolean();
        var trouble =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!done.get()) {
                                pause(500 + ThreadLocalRandom.current().nextInt(1000));
                                link.cut();
                                pause(200);
                                link.repair();
                            }
                        });
        try {
            assertThat(write(4)).isNotEmpty();
        } finally {
            done.set(true);
            trouble.join();
        }
    }

    /**
     * Has every writer take so many turns, by chats and by responses at two processes, again and
     * again until each is confirmed.
     *
     * @return what was confirmed
     */
    private List<String> write(int turns) throws Exception {
        var confirmed = new ConcurrentLinkedQueue<String>();
        var writers = new ArrayList<Callable<Void>>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            writers.add(() -> {
                for (int turn = 0; turn < turns; turn++) {
                    confirmed.add(writeOnce(writer, turn));
                }
                return null;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(writers)) {
                result.get();
            }
        }
        link.repair();
        assertWholeTurns(new ArrayList<>(confirmed));
        return new ArrayList<>(confirmed);
    }

    /**
     * Each attempt says something of its own, so that one without an answer may be there or not.
     */
    private String writeOnce(int writer, int turn) throws Exception {
        for (int attempt = 0; ; attempt++) {
            var text = "w" + writer + "t" + turn + "a" + attempt;
            if (attempt(writer, text)) {
                return text;
            }
            pause(10 + ThreadLocalRandom.current().nextInt(50));
        }
    }

    private boolean attempt(int writer, String text) throws InterruptedException {
        try {
            var in = ",\"conversation\":\"" + conversation + "\"";
            var reply =
                    writer % 3 == 0
                            ? caller(writer).chat(text, in)
                            : caller(writer)
                                    .post(
                                            "/v1/responses",
                                            "{\"model\":\"%s\",\"input\":\"%s\"%s}"
                                                    .formatted(TestingLlmApi.MODEL, text, in));
            assertThat(reply.status()).isIn(200, 400, 503);
            return reply.status() == 200;
        } catch (IOException e) {
            return false; // the connection broke: nobody knows
        }
    }

    private Caller caller(int writer) {
        return processes.get(writer % processes.size()).caller("alice");
    }

    private void assertWholeTurns(List<String> confirmed) throws Exception {
        var texts = stored();
        var asked = new ArrayList<String>();
        for (int i = 0; i < texts.size(); i += 2) {
            asked.add(texts.get(i));
            assertThat(texts.get(i + 1)).as("the answer to " + texts.get(i)).isEqualTo("Good day");
        }
        assertThat(asked).doesNotHaveDuplicates().containsAll(confirmed);
    }

    private List<String> stored() throws Exception {
        var deadline = Instant.now().plus(Duration.ofSeconds(30));
        var texts = new ArrayList<String>();
        for (var after = ""; ; ) {
            var reply =
                    caller(0)
                            .get(
                                    "/v1/conversations/"
                                            + conversation
                                            + "/items?order=asc&limit=100"
                                            + after);
            if (reply.status() == 503) {
                assertThat(Instant.now()).isBefore(deadline);
                pause(100);
                continue;
            }
            reply.json()
                    .path("data")
                    .forEach(item -> texts.add(item.at("/content/0/text").asText()));
            if (!reply.json().path("has_more").asBoolean()) {
                return texts;
            }
            after = "&after=" + reply.json().path("last_id").asText();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
