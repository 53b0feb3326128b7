// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.jan.kit.json.Json;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the official client puts together from what the model streams. */
@ExtendWith(SharedStack.class)
class OpenAiClientStreamsIT {
    private static TestingModel model;
    private static OpenAIClient client;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        model = running.model();
        client = running.client(running.stack().apiKey());
    }

    @Test
    void accumulatesAStream() {
        var accumulator = ChatCompletionAccumulator.create();

        var chunks = stream(chat("hello"), accumulator);

        var choice = accumulator.chatCompletion().choices().getFirst();
        assertThat(choice.message().content()).contains(TestingModel.ANSWER);
        assertThat(choice.finishReason().asString()).isEqualTo("stop");
        assertThat(chunks).as("usage that was not asked for").noneMatch(this::hasUsage);
        assertThat(model.lastRequest().at("/stream_options/include_usage").asBoolean()).isTrue();
    }

    @Test
    void seesTheUsageOnceIfItAskedForIt() {
        var accumulator = ChatCompletionAccumulator.create();
        var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();

        var chunks = stream(chat("hello").streamOptions(options), accumulator);

        assertThat(accumulator.chatCompletion().usage().orElseThrow().totalTokens()).isEqualTo(12);
        assertThat(chunks.stream().filter(this::hasUsage)).hasSize(1);
        assertThat(chunks.getLast().choices()).isEmpty();
    }

    @Test
    void accumulatesACallOfATool() {
        var accumulator = ChatCompletionAccumulator.create();
        var parameters =
                FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                                "properties",
                                JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build();
        var weather =
                ChatCompletionFunctionTool.builder()
                        .function(
                                FunctionDefinition.builder()
                                        .name("weather")
                                        .parameters(parameters)
                                        .build())
                        .build();

        stream(chat("hello").addTool(weather), accumulator);

        var choice = accumulator.chatCompletion().choices().getFirst();
        var call = choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.id()).isEqualTo("call_1");
        assertThat(call.function().name()).isEqualTo("weather");
        assertThat(call.function().arguments()).isEqualTo("{\"city\": \"Oslo\"}");
        assertThat(choice.finishReason().asString()).isEqualTo("tool_calls");
    }

    @Test
    void takesNoNoticeOfCommentsThatKeepTheStreamAlive() {
        var accumulator = ChatCompletionAccumulator.create();

        stream(chat("silently"), accumulator);

        assertThat(accumulator.chatCompletion().choices().getFirst().message().content())
                .contains(TestingModel.ANSWER);
    }

    /** As it comes, because this client would forgive some of it (contract 7.4). */
    @Test
    void aResponsesEventsComeInOrderAndEndWithoutDone() throws Exception {
        var asked = ResponseCreateParams.builder().model(TestingModel.NAME).input("hello").build();
        String text;
        try (var answer = client.responses().withRawResponse().createStreaming(asked)) {
            assertThat(answer.headers().values("content-type"))
                    .containsExactly("text/event-stream; charset=utf-8");
            text = new String(answer.body().readAllBytes(), UTF_8);
        }
        assertThat(text).doesNotContain("[DONE]").endsWith("}\n\n");
        var types = new ArrayList<String>();
        for (var event : text.strip().split("\n\n")) {
            var lines = event.split("\n");
            var data = Json.parse(lines[1].substring("data: ".length()));
            assertThat(lines[0]).isEqualTo("event: " + data.path("type").asText());
            assertThat(data.path("sequence_number").asInt()).isEqualTo(types.size());
            types.add(data.path("type").asText().replaceFirst("^response\\.", ""));
        }
        assertThat(types.stream().distinct())
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "content_part.added",
                        "output_text.delta",
                        "output_text.done",
                        "content_part.done",
                        "output_item.done",
                        "completed");
        assertThat(types).containsSubsequence("output_text.delta", "output_text.delta");
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "BASE64"})
    void readsEmbeddings(EmbeddingCreateParams.EncodingFormat.Known format) {
        var embedding =
                client.embeddings()
                        .create(
                                EmbeddingCreateParams.builder()
                                        .model(TestingModel.NAME)
                                        .input("hello")
                                        .encodingFormat(
                                                EmbeddingCreateParams.EncodingFormat.of(
                                                        format.name().toLowerCase(Locale.ROOT)))
                                        .build())
                        .data()
                        .getFirst()
                        .embedding();

        assertThat(embedding).hasSize(TestingModel.EMBEDDING.length);
        for (int i = 0; i < embedding.size(); i++) {
            assertThat(embedding.get(i)).isCloseTo(TestingModel.EMBEDDING[i], within(1e-6f));
        }
    }

    @Test
    void completesAText() {
        var completion =
                client.completions()
                        .create(
                                CompletionCreateParams.builder()
                                        .model(TestingModel.NAME)
                                        .prompt("count")
                                        .build());

        assertThat(completion.choices().getFirst().text()).isEqualTo(TestingModel.ANSWER);
    }

    private boolean hasUsage(ChatCompletionChunk chunk) {
        return chunk.usage().isPresent();
    }

    private static List<ChatCompletionChunk> stream(
            ChatCompletionCreateParams.Builder chat, ChatCompletionAccumulator accumulator) {
        var chunks = new ArrayList<ChatCompletionChunk>();
        try (var stream = client.chat().completions().createStreaming(chat.build())) {
            stream.stream().peek(accumulator::accumulate).forEach(chunks::add);
        }
        return chunks;
    }

    private static ChatCompletionCreateParams.Builder chat(String text) {
        return ChatCompletionCreateParams.builder().model(TestingModel.NAME).addUserMessage(text);
    }
}
