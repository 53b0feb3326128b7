// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.conversations.ConversationCreateParams;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the official client makes of it when something is wrong, retrying as it does by itself. */
@ExtendWith(SharedStack.class)
class OpenAiClientFaultsIT {
    private static final int RETRIES = 1;

    private static TestingStack stack;
    private static TestingModel model;
    private static OpenAIClient client;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        model = running.model();
        client = client(stack.apiKey());
    }

    @Test
    void aWrongKeyIsUnauthorized() throws Exception {
        var stranger = client("sk_live_" + "0".repeat(48));

        var error = error(() -> stranger.models().list(), UnauthorizedException.class);

        assertThat(error.code()).contains("invalid_api_key");
    }

    @Test
    void aFaultOfTheRequestIsToldAndNotTriedAgain() throws Exception {
        int before = chats();

        var unknown = error(() -> ask(chat("hello").model("none")), NotFoundException.class);
        var wrong = error(() -> ask(chat("hello").temperature(3.0)), BadRequestException.class);

        assertThat(unknown.code()).contains("model_not_found");
        assertThat(stack.logs())
                .as("an operator finds the request by what the client knows of it")
                .contains(unknown.headers().values("x-request-id"));
        assertThat(wrong.param()).contains("temperature");
        assertThat(chats() - before).as("requests that reached the service").isEqualTo(2);
    }

    @Test
    void anOverloadedModelIsAskedAsOftenAsTheClientWantsAndNoMore() {
        int before = model.asked();

        error(() -> ask(chat("overloaded")), InternalServerException.class);

        assertThat(model.asked() - before).isEqualTo(1 + RETRIES);
    }

    @Test
    void aStreamWhoseModelDiesEndsWithAnErrorAndWhatWasSaidIsKept() throws Exception {
        var conversation =
                client.conversations().create(ConversationCreateParams.builder().build()).id();
        var text = new StringBuilder();

        error(
                () -> {
                    var chat =
                            chat("crashing")
                                    .putAdditionalBodyProperty(
                                            "conversation", JsonValue.from(conversation));
                    try (var stream = client.chat().completions().createStreaming(chat.build())) {
                        stream.stream()
                                .flatMap(chunk -> chunk.choices().stream())
                                .forEach(
                                        choice -> choice.delta().content().ifPresent(text::append));
                    }
                },
                OpenAIServiceException.class);

        assertThat(text).hasToString("one two");
        var answer =
                new Gateway(stack.gateway())
                        .get(
                                "/v1/conversations/" + conversation + "/items?order=desc&limit=1",
                                "Authorization",
                                "Bearer " + stack.apiKey())
                        .body()
                        .at("/data/0");
        assertThat(answer.path("status").asText()).isEqualTo("incomplete");
        assertThat(answer.at("/content/0/text").asText()).isEqualTo("one two");
    }

    /** Every error names the request, so that an operator can find it. */
    private static <T extends OpenAIServiceException> T error(
            ThrowingCallable call, Class<T> type) {
        var error = catchThrowableOfType(type, call);
        assertThat(error).as("an error").isNotNull();
        assertThat(error.headers().values("x-request-id")).as("x-request-id").hasSize(1);
        return error;
    }

    /** How many chats reached llm-api-lite, by its log. */
    private static int chats() throws Exception {
        return stack.logs().split("POST /v1/chat/completions", -1).length;
    }

    private static void ask(ChatCompletionCreateParams.Builder chat) {
        client.chat().completions().create(chat.build());
    }

    private static ChatCompletionCreateParams.Builder chat(String text) {
        return ChatCompletionCreateParams.builder().model(TestingModel.NAME).addUserMessage(text);
    }

    private static OpenAIClient client(String key) throws Exception {
        return OpenAIOkHttpClient.builder()
                .baseUrl(stack.gateway() + "/v1")
                .apiKey(key)
                .timeout(Duration.ofSeconds(30))
                .maxRetries(RETRIES)
                .build();
    }
}
