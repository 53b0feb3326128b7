// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.kit.json.Json;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.TestingLlmApi.Reply;
import ai.jan.llm.backend.BackendConfig;
import ai.jan.llm.backend.Deadlines;
import ai.jan.llm.backend.ServedModel;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chats that belong to a conversation. */
@Timeout(60)
class ConversationChatIT {
    private static final String STREAM = ",\"stream\":true";

    @AutoClose private static final TestingDatabase storage = TestingDatabase.migrated();
    @AutoClose private final TestingService service = TestingService.on(storage);
    private final TestingModelServer model = service.model();
    private final Caller alice = service.alice();
    private String conversation;

    @BeforeEach
    void converse() throws Exception {
        conversation = alice.post("/v1/conversations", "{}").id();
    }

    @Test
    void sendsWhatWasSaidBeforeAndKeepsWhatIsSaid() throws Exception {
        var first = alice.chat("one", in(conversation));
        assertThat(first.json().path("conversation").toString())
                .isEqualTo("{\"id\":\"" + conversation + "\"}");
        alice.chat("two", ",\"conversation\":{\"id\":\"" + conversation + "\"}" + STREAM);
        alice.chat("three", in(conversation));

        assertThat(sent("role")).containsExactly("user", "assistant", "user", "assistant", "user");
        assertThat(sent("content")).containsExactly("one", "Good day", "two", "Good day", "three");
        assertThat(model.lastRequest().has("conversation")).isFalse();
        assertThat(stored())
                .containsExactly(
                        "user: one (completed)",
                        "assistant: Good day (completed)",
                        "user: two (completed)",
                        "assistant: Good day (completed)",
                        "user: three (completed)",
                        "assistant: Good day (completed)");
    }

    @Test
    void tellsTheConversationInTheFirstChunkOfAStream() throws Exception {
        var reply = alice.chat("hello", in(conversation) + STREAM);
        var chunks =
                reply.text()
                        .lines()
                        .filter(line -> line.startsWith("data: {"))
                        .map(line -> line.substring("data: ".length()))
                        .toList();
        assertThat(Json.parse(chunks.getFirst()).at("/conversation/id").asText())
                .isEqualTo(conversation);
        assertThat(chunks).hasSize(4);
        for (var chunk : chunks) {
            assertThat(Json.parse(chunk).path("choices")).isNotEmpty();
            assertThat(Json.parse(chunk).path("id").asText()).isEqualTo("chatcmpl-1");
        }
        assertThat(chunks.subList(1, 4)).noneMatch(chunk -> chunk.contains("conversation"));
        assertThat(reply.text()).endsWith("\n\ndata: [DONE]\n\n");
    }

    @Test
    void sendsToolCallsTheirResultsAndImagesAgain() throws Exception {
        model.next(answering ->
                answering.stream()
                        .delta(
                                "{\"role\":\"assistant\",\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}")
                        .delta(
                                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}")
                        .delta(
                                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}")
                        .delta(
                                "{\"tool_calls\":[{\"index\":1,\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}")
                        .done());
        post(
                "[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":["
                        + "{\"type\":\"text\",\"text\":\"see\"},{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"data:image/png;base64,AAAA\",\"detail\":\"low\"}}]}]",
                STREAM);
        post(
                "[{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"41\"},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"42\"}]",
                "");
        post(
                "[{\"role\":\"system\",\"content\":\"be kind\"},{\"role\":\"user\",\"content\":\"go on\"}]",
                "");

        assertThat(model.lastRequest().path("messages"))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"role":"system","content":"be kind"},
                                 {"role":"user","content":[{"type":"text","text":"see"},
                                   {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}}]},
                                 {"role":"assistant","content":null,"tool_calls":[
                                   {"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}},
                                   {"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},
                                 {"role":"tool","tool_call_id":"c1","content":"41"},
                                 {"role":"tool","tool_call_id":"c2","content":"42"},
                                 {"role":"assistant","content":"Good day"},
                                 {"role":"user","content":"go on"}]
                                """));
    }

    @Test
    void sendsItemsThatWereAddedByHand() throws Exception {
        alice.post(
                "/v1/conversations/" + conversation + "/items",
                "{\"items\":[{\"role\":\"user\",\"content\":\"told\"},{\"type\":\"reasoning\",\"summary\":[]}]}");
        alice.chat("asked", in(conversation));
        assertThat(sent("content")).containsExactly("told", "asked");
    }

    @Test
    void keepsHistoryWithinTheContextOfTheModel() throws Exception {
        var small =
                new BackendConfig(
                        "small",
                        model.url(),
                        Optional.empty(),
                        List.of(new ServedModel("small", "small", OptionalInt.of(100))),
                        Deadlines.DEFAULT);
        alice.chat("x".repeat(1000), in(conversation));
        alice.chat("short", in(conversation));
        try (var other = TestingLlmApi.start(storage, small)) {
            other.caller("alice")
                    .post(
                            "/v1/chat/completions",
                            "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"now\"}]"
                                    + in(conversation)
                                    + "}");
        }
        assertThat(sent("content")).containsExactly("short", "Good day", "now");
    }

    @Test
    void storesNothingWhenToldSo() throws Exception {
        alice.chat("one", in(conversation));
        var reply = alice.chat("two", in(conversation) + ",\"store\":false");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(sent("content")).containsExactly("one", "Good day", "two");
        assertThat(stored()).hasSize(2);
        assertThat(alice.chat("three", in(conversation)).status()).isEqualTo(200);
    }

    @Test
    void startsAConversationWhenAskedTo() throws Exception {
        for (var more : List.of(in(""), ",\"conversation\":{}", in("") + STREAM)) {
            var reply = alice.chat("hello", more);
            var json =
                    more.contains("stream")
                            ? Json.parse(
                                    reply.text().lines().findFirst().orElseThrow().substring(6))
                            : reply.json();
            conversation = json.at("/conversation/id").asText();
            assertThat(conversation).startsWith("conv_");
            assertThat(stored())
                    .containsExactly("user: hello (completed)", "assistant: Good day (completed)");
        }
    }

    @Test
    void anUnknownAndAForeignConversationAreNotFound() throws Exception {
        var mallory = service.api().caller("mallory");
        var foreign = mallory.chat("hello", in(conversation));
        var unknown = mallory.chat("hello", in("conv_0123456789abcdef"));
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(foreign.text().replace(conversation, "ID"))
                .isEqualTo(unknown.text().replace("conv_0123456789abcdef", "ID"));
        assertThat(mallory.chat("hello", in("no id \\u0000")).status()).isEqualTo(404);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void onlyOneTurnAtATime() throws Exception {
        var asked = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        model.next(answering -> {
            answering.stream().content("slow");
            asked.countDown();
            goOn.await();
            answering.done();
        });
        var first = inBackground(() -> alice.chat("one", in(conversation) + STREAM));
        asked.await();
        var items = "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        for (var second :
                List.of(
                        alice.chat("two", in(conversation)),
                        alice.post("/v1/conversations/" + conversation + "/items", items))) {
            assertThat(second.status()).isEqualTo(400);
            assertThat(second.error().path("code").asText()).isEqualTo("conversation_locked");
            assertThat(second.error().path("param").asText()).isEqualTo("conversation");
        }
        assertThat(stored()).isEmpty();
        goOn.countDown();
        assertThat(first.get().text()).endsWith("data: [DONE]\n\n");
        assertThat(stored())
                .containsExactly("user: one (completed)", "assistant: slow (completed)");
        assertThat(alice.chat("two", in(conversation)).status()).isEqualTo(200);
    }

    @Test
    void aLockWhoseHolderDiedEnds() throws Exception {
        storage.execute(
                "UPDATE chat.conversations SET locked_by = gen_random_uuid(),"
                        + " locked_until = now() + interval '2 seconds' WHERE id = '"
                        + conversation
                        + "'");
        assertThat(alice.chat("one", in(conversation)).status()).isEqualTo(400);
        awaitStatus(200, () -> alice.chat("two", in(conversation)));
        assertThat(stored()).hasSize(2);
    }

    @Test
    void aRefusedTurnLeavesNothingAndUnlocks() throws Exception {
        model.next(
                answering -> answering.json(400, "{\"error\":{\"message\":\"no\",\"code\":400}}"));
        assertThat(alice.chat("one", in(conversation)).status()).isEqualTo(400);
        model.next(TestingModelServer.Answering::cut);
        assertThat(alice.chat("one", in(conversation) + STREAM).status()).isEqualTo(503);
        assertThat(stored()).isEmpty();
        assertThat(alice.chat("two", in(conversation)).status()).isEqualTo(200);
    }

    @Test
    void keepsThePartThatCameBeforeTheModelServerDied() throws Exception {
        model.next(answering -> {
            answering.stream().content("half an");
            answering.cut();
        });
        var reply = alice.chat("one", in(conversation) + STREAM);
        assertThat(reply.text())
                .contains("half an")
                .contains("\"error\":")
                .doesNotContain("[DONE]");
        assertThat(stored())
                .containsExactly("user: one (completed)", "assistant: half an (incomplete)");
        alice.chat("two", in(conversation));
        assertThat(sent("content")).containsExactly("one", "half an", "two");
    }

    @Test
    void keepsThePartThatTheClientSawBeforeItLeft() throws Exception {
        model.next(answering -> {
            answering.stream().content("half an");
            Thread.sleep(20_000);
        });
        try (var client = new Socket("127.0.0.1", service.api().port())) {
            RawChat.send(client, alice.identity(), "one", in(conversation) + STREAM);
            RawChat.readUntil(client, "half an");
        }
        awaitTrue(() -> stored().size() == 2);
        assertThat(stored())
                .containsExactly("user: one (completed)", "assistant: half an (incomplete)");
        assertThat(alice.chat("two", in(conversation)).status()).isEqualTo(200);
    }

    @Test
    void aConversationThatIsDeletedMeanwhileIsAnError() throws Exception {
        model.next(answering -> {
            answering.stream().content("a");
            assertDeleted();
            answering.done();
        });
        var reply = alice.chat("one", in(conversation) + STREAM);
        assertThat(reply.text())
                .contains("\"error\":")
                .contains("not found")
                .doesNotContain("[DONE]");
    }

    private void assertDeleted() throws IOException, InterruptedException {
        assertThat(alice.delete("/v1/conversations/" + conversation).status()).isEqualTo(200);
    }

    private static String in(String conversation) {
        return ",\"conversation\":\"" + conversation + "\"";
    }

    private void post(String messages, String more) throws Exception {
        var reply =
                alice.post(
                        "/v1/chat/completions",
                        "{\"model\":\"%s\",\"messages\":%s%s}"
                                .formatted(TestingLlmApi.MODEL, messages, in(conversation) + more));
        assertThat(reply.status()).isEqualTo(200);
    }

    /** One member of each message that the model server was sent last. */
    private List<String> sent(String member) {
        var values = new ArrayList<String>();
        model.lastRequest()
                .path("messages")
                .forEach(message -> values.add(message.path(member).asText()));
        return values;
    }

    private List<String> stored() throws IOException, InterruptedException {
        var items = new ArrayList<String>();
        for (JsonNode item :
                alice.get("/v1/conversations/" + conversation + "/items?order=asc")
                        .json()
                        .path("data")) {
            items.add(
                    "%s: %s (%s)"
                            .formatted(
                                    item.path("role").asText(),
                                    item.at("/content/0/text").asText(),
                                    item.path("status").asText()));
        }
        return items;
    }

    private interface Ask {
        Reply ask() throws IOException, InterruptedException;
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static CompletableFuture<Reply> inBackground(Ask ask) {
        var reply = new CompletableFuture<Reply>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        reply.complete(ask.ask());
                    } catch (IOException | InterruptedException e) {
                        reply.completeExceptionally(e);
                    }
                });
        return reply;
    }

    private static void awaitStatus(int status, Ask ask) throws IOException, InterruptedException {
        awaitTrue(() -> ask.ask().status() == status);
    }

    private static void awaitTrue(Condition condition) throws IOException, InterruptedException {
        var deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(50);
        }
    }
}
