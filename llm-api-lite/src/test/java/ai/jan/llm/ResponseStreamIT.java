// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.llm.TestingLlmApi.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streamed responses: the order of events (contract 7.4), and what is left when one breaks. */
@Timeout(60)
class ResponseStreamIT {
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
    void aTextComesInTheOrderOfTheContract() throws Exception {
        model.next(answering ->
                answering.stream()
                        .delta("{\"role\":\"assistant\",\"content\":\"\"}")
                        .content("Good")
                        .content(" day")
                        .raw("data: " + TestingModelServer.chunk("{}", "\"stop\"") + "\n\n")
                        .raw(
                                "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\ndata: [DONE]\n\n"));
        var events = stream("");
        assertThat(events.types())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        var created = events.first("response.created").path("response");
        assertThat(created.path("status").asText()).isEqualTo("in_progress");
        assertThat(created.path("output")).isEmpty();
        assertThat(created.path("usage").isNull()).isTrue();
        assertThat(created.path("completed_at").isNull()).isTrue();
        assertThat(created.path("service_tier").asText()).isEqualTo("auto");
        assertThat(events.first("response.in_progress").path("response")).isEqualTo(created);
        var item = events.first("response.output_item.added").path("item");
        assertThat(item.toString().replaceAll("msg_\\w+", "msg_"))
                .isEqualTo(
                        "{\"id\":\"msg_\",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}");
        for (var type :
                List.of(
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done")) {
            var event = events.first(type);
            assertThat(event.path("item_id")).isEqualTo(item.path("id"));
            assertThat(event.path("output_index").asInt(-1)).isZero();
            assertThat(event.path("content_index").asInt(-1)).isZero();
        }
        assertThat(events.first("response.content_part.added").path("part").toString())
                .isEqualTo(
                        "{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[],\"logprobs\":[]}");
        assertThat(events.first("response.output_text.delta").path("delta").asText())
                .isEqualTo("Good");
        assertThat(events.first("response.output_text.done").path("text").asText())
                .isEqualTo("Good day");
        var completed = events.last().path("response");
        assertThat(completed.path("id")).isEqualTo(created.path("id"));
        assertThat(completed.path("service_tier").asText()).isEqualTo("default");
        assertThat(completed.path("output").path(0))
                .isEqualTo(events.first("response.output_item.done").path("item"));
        assertThat(completed.path("usage").toString())
                .isEqualTo(
                        "{\"input_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":4,\"cache_write_tokens\":0},\"output_tokens\":2,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":7}");
        assertThat(alice.get("/v1/responses/" + completed.path("id").asText()).json())
                .isEqualTo(completed);
        assertThat(model.lastRequest().at("/stream_options/include_usage").asBoolean()).isTrue();
    }

    @Test
    void thoughtsTextAndCallsAreItemsOneAfterTheOther() throws Exception {
        model.next(answering ->
                answering.stream()
                        .delta("{\"role\":\"assistant\",\"reasoning_content\":\"hm\"}")
                        .content("so")
                        .delta(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}")
                        .delta(
                                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}")
                        .delta(
                                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}")
                        .delta(
                                "{\"tool_calls\":[{\"index\":1,\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}")
                        .done());
        var events = stream("");
        assertThat(events.types().subList(2, events.types().size()))
                .containsExactly(
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.reasoning_text.delta",
                        "response.reasoning_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        var done = events.first("response.function_call_arguments.done");
        assertThat(done.path("arguments").asText()).isEqualTo("{\"a\":1}");
        assertThat(done.path("name").asText()).isEqualTo("f");
        assertThat(done.path("output_index").asInt()).isEqualTo(2);
        assertThat(events.last().at("/response/output"))
                .extracting(item -> item.path("type").asText())
                .containsExactly("reasoning", "message", "function_call", "function_call");
    }

    @Test
    void anAnswerWithoutWordsIsAnEmptyMessage() throws Exception {
        model.next(answering -> answering.stream().done());
        var events = stream("");
        assertThat(events.types())
                .containsSubsequence(
                        "response.content_part.added",
                        "response.output_text.done",
                        "response.completed");
        assertThat(events.last().at("/response/output/0/content/0/text").asText("-")).isEmpty();
    }

    @Test
    void anAnswerThatIsCutShortEndsAsIncomplete() throws Exception {
        model.next(answering ->
                answering.stream()
                        .content("so")
                        .raw(
                                "data: "
                                        + TestingModelServer.chunk("{}", "\"length\"")
                                        + "\n\ndata: [DONE]\n\n"));
        var events = stream(inConversation());
        assertThat(events.last().path("type").asText()).isEqualTo("response.incomplete");
        assertThat(events.last().at("/response/incomplete_details/reason").asText())
                .isEqualTo("max_output_tokens");
        assertThat(stored()).containsExactly("hello (completed)", "so (incomplete)");
    }

    @Test
    void aModelServerThatDiesMakesTheResponseFail() throws Exception {
        model.next(answering -> {
            answering.stream().content("half an");
            answering.cut();
        });
        var events = stream(inConversation());
        assertThat(events.last().path("type").asText()).isEqualTo("response.failed");
        var failed = events.last().path("response");
        assertThat(failed.path("status").asText()).isEqualTo("failed");
        assertThat(failed.at("/error/code").asText()).isEqualTo("server_error");
        assertThat(failed.at("/error/message").asText()).isNotEmpty();
        assertThat(failed.at("/output/0/status").asText()).isEqualTo("incomplete");
        assertThat(alice.get("/v1/responses/" + failed.path("id").asText()).json())
                .isEqualTo(failed);
        assertThat(stored()).containsExactly("hello (completed)", "half an (incomplete)");
    }

    @Test
    void aFailureBeforeTheFirstWordHasAProperStatusAndLeavesNothing() throws Exception {
        model.next(TestingModelServer.Answering::cut);
        var reply = alice.post("/v1/responses", body(inConversation()));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.error().path("type").asText()).isEqualTo("server_error");
        assertThat(stored()).isEmpty();
    }

    @Test
    void aConversationThatIsDeletedMeanwhileIsToldInBothFormsOfAnError() throws Exception {
        model.next(answering -> {
            answering.stream().content("a");
            assertThat(alice.delete("/v1/conversations/" + conversation).status()).isEqualTo(200);
            answering.done();
        });
        var error = stream(inConversation()).last();
        assertThat(error.path("type").asText()).isEqualTo("error");
        assertThat(error.path("message").asText()).contains("not found");
        assertThat(error.path("error").path("message")).isEqualTo(error.path("message"));
        assertThat(error.has("code") && error.has("param")).isTrue();
    }

    @Test
    void keepsThePartThatTheClientSawBeforeItLeft() throws Exception {
        model.next(answering -> {
            answering.stream().content("half an");
            Thread.sleep(20_000);
        });
        try (var client = new Socket("127.0.0.1", service.api().port())) {
            RawChat.post(client, alice.identity(), "/v1/responses", body(inConversation()));
            RawChat.readUntil(client, "half an");
        }
        var deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (stored().size() < 2) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(50);
        }
        assertThat(stored()).containsExactly("hello (completed)", "half an (incomplete)");
    }

    @Test
    void onlyOneOfTwoAtATimeGetsTheConversation() throws Exception {
        var asked = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        model.next(answering -> {
            answering.stream().content("slow");
            asked.countDown();
            goOn.await();
            answering.done();
        });
        var first =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return stream(inConversation());
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        asked.await();
        var second = alice.post("/v1/responses", body(inConversation()));
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.error().path("code").asText()).isEqualTo("conversation_locked");
        assertThat(stored()).isEmpty();
        goOn.countDown();
        assertThat(first.get().last().path("type").asText()).isEqualTo("response.completed");
        assertThat(stored()).containsExactly("hello (completed)", "slow (completed)");
    }

    private TestingEvents stream(String more) throws Exception {
        var reply = alice.post("/v1/responses", body(more));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.http().headers().firstValue("Content-Type"))
                .contains("text/event-stream; charset=utf-8");
        return TestingEvents.of(reply.text());
    }

    private String inConversation() {
        return ",\"conversation\":\"" + conversation + "\"";
    }

    private static String body(String more) {
        return "{\"model\":\"%s\",\"input\":\"hello\",\"stream\":true%s}"
                .formatted(TestingLlmApi.MODEL, more);
    }

    private List<String> stored() throws IOException, InterruptedException {
        JsonNode items =
                alice.get("/v1/conversations/" + conversation + "/items?order=asc")
                        .json()
                        .path("data");
        return items.valueStream()
                .map(item ->
                        "%s (%s)"
                                .formatted(
                                        item.at("/content/0/text").asText(),
                                        item.path("status").asText()))
                .toList();
    }
}
