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
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.conversations.ConversationCreateParams;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the official client makes of it when something is wrong, retrying as it does by itself. */
@ExtendWith(SharedStack.class)
class OpenAiClientFaultsIT {
    private static final int RETRIES = 1;

    /** Services that a gateway cannot reach, or that never answer. */
    private static final String BROKEN =
            """
            services:
              - name: refusing
                url: http://127.0.0.1:9
                retries: 0
                routes: [{name: refusing, paths: [/refusing]}]
              - name: silent
                url: http://127.0.0.1:%d
                read_timeout: 300
                retries: 0
                routes: [{name: silent, paths: [/silent]}]
            """;

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

    /** Kong has one template for all of its errors, so that their type is always the same. */
    @Test
    void theGatewaysOwnErrorsAreNoPages() throws Exception {
        var shipped = Files.readString(stack.home().resolve("kong.yml"));
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var other =
                        SecondGateway.start(
                                stack,
                                "faults",
                                shipped.replaceFirst(
                                        "(?m)^services:\\n",
                                        BROKEN.formatted(silent.getLocalPort())))) {
            var unknown =
                    error(() -> models(client(other, "/v1/nowhere")), NotFoundException.class);
            assertThat(unknown.type()).contains("invalid_request_error");
            assertThat(unknown.code()).isEmpty();
            var unrouted = error(() -> models(client(other, "/nowhere")), NotFoundException.class);
            assertThat(unrouted.type()).contains("server_error");
            assertThat(unrouted.code()).isEmpty();
            for (var broken : List.of("/refusing", "/silent")) {
                var error =
                        error(() -> models(client(other, broken)), InternalServerException.class);
                assertThat(error.statusCode()).isIn(502, 503, 504);
                assertThat(error.type()).contains("server_error");
                assertThat(error.code()).isEmpty();
            }
            var large = "x".repeat(9 * 1024 * 1024);
            var tooLarge = error(() -> ask(chat(large)), UnexpectedStatusCodeException.class);
            assertThat(tooLarge.statusCode()).isEqualTo(413);
            assertThat(tooLarge.type()).isPresent();
            assertThat(tooLarge.code()).isEmpty();
            var header =
                    client.withOptions(options -> options.putHeader("X-Large", "x".repeat(40_000)));
            var headers = error(() -> models(header), OpenAIServiceException.class);
            assertThat(headers.statusCode()).isIn(400, 431, 494);
            assertThat(headers.type()).isPresent();
            assertThat(headers.code()).isEmpty();
        }
    }

    @Test
    void metadataHasLimits() {
        assertMetadata(null, pairs(16, "k".repeat(62), "v".repeat(512)));
        assertMetadata("object_above_max_properties", pairs(17, "", ""));
        assertMetadata("property_name_above_max_length", Map.of("k".repeat(65), ""));
        assertMetadata("string_above_max_length", Map.of("k", "v".repeat(513)));
        assertMetadata("invalid_type", Map.of("k", 1));
        assertMetadata("invalid_type", List.of());
    }

    private static void assertMetadata(@Nullable String code, Object metadata) {
        var params =
                ConversationCreateParams.builder()
                        .putAdditionalBodyProperty("metadata", JsonValue.from(metadata))
                        .build();
        if (code == null) {
            client.conversations().create(params);
        } else {
            var refused =
                    error(() -> client.conversations().create(params), BadRequestException.class);
            assertThat(refused.code()).contains(code);
            assertThat(refused.param().orElseThrow()).startsWith("metadata");
        }
    }

    private static Map<String, String> pairs(int count, String key, String value) {
        return IntStream.range(0, count)
                .boxed()
                .collect(Collectors.toMap(i -> key + (10 + i), _ -> value));
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

    private static void models(OpenAIClient of) {
        of.models().list();
    }

    private static OpenAIClient client(SecondGateway gateway, String path) {
        return client.withOptions(options -> options.baseUrl(gateway.url() + path).maxRetries(0));
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
