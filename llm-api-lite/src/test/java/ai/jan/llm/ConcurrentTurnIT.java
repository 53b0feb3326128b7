// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.TestingLlmApi.Reply;
import ai.jan.llm.TestingModelServer.Answering;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many writers of one conversation, while processes are killed in the middle of turns and the
 * database crashes: nothing that was confirmed is lost or doubled, and every turn is whole.
 */
class ConcurrentTurnIT {
    private static final int WRITERS = 50;
    private static final int SOAK_TURNS = 2;
    private static final String ANSWER = "Good day";

    private final List<LlmApiProcess> processes = new ArrayList<>();
    private final List<String> confirmed = Collections.synchronizedList(new ArrayList<>());
    private TestingDatabase storage;
    private TestingModelServer model;
    private String conversation;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        storage = TestingDatabase.migrated();
        model = new TestingModelServer();
        for (int i = 0; i < 2; i++) {
            processes.add(
                    LlmApiProcess.start(folder, storage.settings(LoginRole.LLM_API), model.url()));
        }
        for (var process : processes) {
            process.awaitStart();
        }
        conversation = caller(0).post("/v1/conversations", "{}").id();
    }

    @AfterEach
    void stop() {
        processes.forEach(LlmApiProcess::close);
        model.close();
        storage.close();
    }

    @Test
    @Timeout(180)
    void everyTurnIsWholeWhenAProcessAndTheDatabaseDieInTheMiddleOfOne() throws Exception {
        var killed = new Interruption();
        var crashed = new Interruption();
        model.next(killed);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var trouble =
                    threads.submit(() -> {
                        processes.get(killed.await() % processes.size()).killAndStartAgain();
                        letLeasesPass();
                        model.next(crashed);
                        crashed.await();
                        storage.crash();
                        crashed.end();
                        letLeasesPass();
                        return null;
                    });
            write(1);
            trouble.get();
        }
        assertWholeTurns(WRITERS);
    }

    /** Leases run out by themselves here. */
    @Test
    @Tag("soak")
    @Timeout(900)
    void everyTurnIsWholeWhateverDiesForMinutes() throws Exception {
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var trouble =
                    threads.submit(() -> {
                        for (int i = 0; !done.get(); i++) {
                            Thread.sleep(ThreadLocalRandom.current().nextInt(2000, 6000));
                            if (i % 3 == 2) {
                                storage.crash();
                            } else {
                                processes.get(i % 2).killAndStartAgain();
                            }
                        }
                        return null;
                    });
            write(SOAK_TURNS);
            done.set(true);
            trouble.get();
        }
        assertWholeTurns(SOAK_TURNS * WRITERS);
    }

    /** A turn that stops in the middle, until it is ended. */
    private static final class Interruption implements TestingModelServer.Script {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicInteger writer = new AtomicInteger();

        @Override
        public void play(Answering answering) throws IOException, InterruptedException {
            var messages = answering.request().path("messages");
            var text = messages.path(messages.size() - 1).path("content").asText();
            writer.set(Integer.parseInt(text.substring(1, text.indexOf('t'))));
            boolean isStream = answering.request().path("stream").asBoolean();
            if (isStream) {
                answering.stream().content("Good");
            }
            begun.countDown();
            ended.await(30, TimeUnit.SECONDS);
            if (isStream) {
                answering.content(" day").done();
            } else {
                answering.json(
                        200,
                        TestingModelServer.completion(
                                "{\"role\":\"assistant\",\"content\":\"" + ANSWER + "\"}"));
            }
        }

        /** The writer whose turn it is. */
        int await() throws InterruptedException {
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            return writer.get();
        }

        void end() {
            ended.countDown();
        }
    }

    /** What is left of a turn that died keeps the conversation for half a minute. */
    private void letLeasesPass() {
        storage.execute(
                "UPDATE chat.conversations SET locked_until = clock_timestamp() WHERE locked_by IS NOT NULL");
    }

    /**
     * Has every writer take so many turns, by chats and by responses at two processes, again and
     * again until each is confirmed.
     */
    private void write(int turns) throws Exception {
        var writers = new ArrayList<Callable<Void>>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            writers.add(() -> {
                for (int turn = 0; turn < turns; turn++) {
                    writeOnce(writer, turn);
                }
                return null;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(writers)) {
                result.get();
            }
        }
    }

    /**
     * Each attempt says something of its own, so that one without an answer may be there or not.
     */
    private void writeOnce(int writer, int turn) throws Exception {
        for (int attempt = 0; ; attempt++) {
            var text = "w" + writer + "t" + turn + "a" + attempt;
            if (isConfirmed(writer, text)) {
                confirmed.add(text);
                return;
            }
            Thread.sleep(ThreadLocalRandom.current().nextInt(10, 100));
        }
    }

    private boolean isConfirmed(int writer, String text) throws InterruptedException {
        var in = ",\"conversation\":\"" + conversation + "\"";
        try {
            return switch (writer % 4) {
                case 0 -> isOk(caller(writer).chat(text, in));
                case 1 -> {
                    var reply = caller(writer).chat(text, in + ",\"stream\":true");
                    yield isOk(reply) && reply.text().endsWith("data: [DONE]\n\n");
                }
                case 2 -> isOk(respond(writer, text, in));
                default -> {
                    var reply = respond(writer, text, in + ",\"stream\":true");
                    yield isOk(reply) && reply.text().contains("event: response.completed");
                }
            };
        } catch (IOException e) {
            return false; // the connection broke: nobody knows
        }
    }

    private Reply respond(int writer, String text, String more)
            throws IOException, InterruptedException {
        return caller(writer)
                .post(
                        "/v1/responses",
                        "{\"model\":\"%s\",\"input\":\"%s\"%s}"
                                .formatted(TestingLlmApi.MODEL, text, more));
    }

    private static boolean isOk(Reply reply) throws IOException {
        if (reply.status() == 400) {
            assertThat(reply.error().path("code").asText()).isEqualTo("conversation_locked");
        } else {
            assertThat(reply.status()).isIn(200, 503);
        }
        return reply.status() == 200;
    }

    private Caller caller(int writer) {
        return Caller.at(processes.get(writer % processes.size()).uri(), "alice");
    }

    /**
     * A turn may be there that nobody knows of, whole; none of those that were confirmed is not.
     */
    private void assertWholeTurns(int turns) throws Exception {
        var texts = stored();
        var asked = new ArrayList<String>();
        for (int i = 0; i < texts.size(); i += 2) {
            asked.add(texts.get(i));
            assertThat(texts.get(i + 1)).as("the answer to " + texts.get(i)).isEqualTo(ANSWER);
        }
        assertThat(confirmed).hasSize(turns);
        assertThat(asked).doesNotHaveDuplicates().containsAll(confirmed);
        for (int writer = 0; writer < WRITERS; writer++) {
            var by = "w" + writer + "t";
            assertThat(
                            asked.stream()
                                    .filter(text -> text.startsWith(by))
                                    .filter(confirmed::contains))
                    .as("turns of one writer, in their order")
                    .isSorted();
        }
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
                Thread.sleep(100);
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
}
