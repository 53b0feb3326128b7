// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.conversations.ConversationCreateParams;
import com.openai.models.conversations.items.ItemListParams;
import com.openai.models.models.Model;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job: a chat through kong.yml, with the official OpenAI client. */
@ExtendWith(SharedStack.class)
class ChatThroughTheGatewayIT {
    private static final String USER = "ada-" + Long.toString(System.nanoTime(), 36);
    private static final String PASSWORD = "correct horse battery staple";

    private static TestingModel model;
    private static TestingStack stack;
    private static Gateway gateway;
    private static TestingKeycloak keycloak;

    enum Credential {
        API_KEY,
        ACCESS_TOKEN
    }

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        model = running.model();
        stack = running.stack();
        gateway = new Gateway(stack.gateway());
        keycloak = new TestingKeycloak(stack.described());
        keycloak.createUser(USER, PASSWORD);
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void listsTheModels(Credential credential) throws Exception {
        assertThat(client(credential).models().list().data())
                .extracting(Model::id)
                .containsExactly(TestingModel.NAME);
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void answersAChat(Credential credential) throws Exception {
        var completion = client(credential).chat().completions().create(chat("hello").build());

        assertThat(completion.choices().getFirst().message().content())
                .contains(TestingModel.ANSWER);
        assertThat(completion.usage().orElseThrow().totalTokens()).isPositive();
        assertThat(model.lastRequest().path("messages").path(0).path("content").asText())
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void streamsAChatAsTheModelProducesIt(Credential credential) throws Exception {
        var text = new StringBuilder();
        var arrivals = new ArrayList<Long>();

        try (var stream =
                client(credential)
                        .chat()
                        .completions()
                        .createStreaming(chat("slowly please").build())) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice ->
                            choice.delta()
                                    .content()
                                    .ifPresent(content -> {
                                        text.append(content);
                                        arrivals.add(System.nanoTime());
                                    }));
        }

        assertThat(text).hasToString(TestingModel.ANSWER);
        var spread = TimeUnit.NANOSECONDS.toMillis(arrivals.getLast() - arrivals.getFirst());
        assertThat(spread)
                .as("time from the first word to the last")
                .isGreaterThan(2 * TestingModel.PAUSE_MILLIS);
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void continuesAConversationWithItsHistory(Credential credential) throws Exception {
        var client = client(credential);
        var conversation =
                client.conversations().create(ConversationCreateParams.builder().build()).id();

        client.chat()
                .completions()
                .create(
                        chat("first question")
                                .putAdditionalBodyProperty(
                                        "conversation", JsonValue.from(conversation))
                                .build());
        try (var stream =
                client.chat()
                        .completions()
                        .createStreaming(
                                chat("second question")
                                        .putAdditionalBodyProperty(
                                                "conversation",
                                                JsonValue.from(Map.of("id", conversation)))
                                        .build())) {
            stream.stream().forEach(_ -> {});
        }
        client.chat()
                .completions()
                .create(
                        chat("third question")
                                .putAdditionalBodyProperty(
                                        "conversation", JsonValue.from(conversation))
                                .build());

        assertThat(contents(model.lastRequest()))
                .containsExactly(
                        "first question",
                        TestingModel.ANSWER,
                        "second question",
                        TestingModel.ANSWER,
                        "third question");
        var items =
                client.conversations()
                        .items()
                        .list(
                                ItemListParams.builder()
                                        .conversationId(conversation)
                                        .order(ItemListParams.Order.ASC)
                                        .build());
        assertThat(items.autoPager().stream()).hasSize(6);
    }

    @Test
    void hidesAConversationFromOtherOwners() throws Exception {
        var conversation =
                client(Credential.API_KEY)
                        .conversations()
                        .create(ConversationCreateParams.builder().build())
                        .id();

        assertThatThrownBy(() ->
                        client(Credential.ACCESS_TOKEN).conversations().retrieve(conversation))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void refusesAWrongKeyAnUnknownModelAndABadParameter() throws Exception {
        assertThatThrownBy(() -> client("sk_live_" + "0".repeat(48)).models().list())
                .isInstanceOf(UnauthorizedException.class);
        var client = client(Credential.API_KEY);
        assertThatThrownBy(() ->
                        client.chat()
                                .completions()
                                .create(chat("hello").model("no-such-model").build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() ->
                        client.chat().completions().create(chat("hello").temperature(99.0).build()))
                .isInstanceOf(BadRequestException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Basic YTpi",
                "Bearer sk_live_'; select pg_sleep(9)--",
                "Bearer a.b.c"
            })
    void answersAWrongCredentialWith401(String authorization) throws Exception {
        gateway.get("/v1/models", "Authorization", authorization).isOpenAiError(401);
    }

    @Test
    void answersAMissingCredentialWith401OnEveryProtectedRoute() throws Exception {
        for (var path :
                List.of(
                        "/v1/models",
                        "/llm/v1/models",
                        "/v1/conversations",
                        "/mcp",
                        "/v1/mcp",
                        "/auth/me",
                        "/auth/api-keys")) {
            gateway.get(path).isOpenAiError(401);
        }
    }

    @Test
    void answersUnknownRoutesWith404InTheOpenAiShape() throws Exception {
        gateway.get("/no/such/route").isOpenAiError(404);
        gateway.get("/v1/no-such-route", "Authorization", "Bearer " + stack.apiKey())
                .isOpenAiError(404);
    }

    @Test
    void answersNoPageToWhoeverAcceptsPages() throws Exception {
        for (var accepted : List.of("text/html", "text/plain", "*/*")) {
            var reply = gateway.get("/no/such/route", "Accept", accepted);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body().path("error").path("message").asText())
                    .as(accepted)
                    .isNotBlank();
        }
    }

    @Test
    void answersMalformedJsonWith400() throws Exception {
        gateway.post(
                        "/v1/chat/completions",
                        "{\"model\": ",
                        "Authorization",
                        "Bearer " + stack.apiKey())
                .isOpenAiError(400);
    }

    @Test
    void answersABodyThatIsTooLargeWith413() throws Exception {
        var reply =
                gateway.post(
                        "/v1/chat/completions",
                        " ".repeat(9 * 1024 * 1024),
                        "Authorization",
                        "Bearer " + stack.apiKey());

        reply.isOpenAiError(413);
    }

    @Test
    void believesNoIdentityHeaderOfAClient() throws Exception {
        gateway.get(
                        "/v1/models",
                        "X-User-ID",
                        "somebody",
                        "X-Auth-Method",
                        "apikey",
                        "X-Jan-Identity",
                        "forged")
                .isOpenAiError(401);
    }

    @Test
    void stopsTheModelWhenTheClientLeavesAStream() throws Exception {
        var request =
                HttpRequest.newBuilder(stack.gateway().resolve("/v1/chat/completions"))
                        .header("Authorization", "Bearer " + stack.apiKey())
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"slowly endlessly\"}]}"
                                                .formatted(TestingModel.NAME)))
                        .build();
        try (var http = HttpClient.newHttpClient()) {
            InputStream body = http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
            assertThat(body.read()).isNotNegative();
            body.close();
        }

        assertThat(model.abandoned().await(5, TimeUnit.SECONDS))
                .as("the model noticed that nobody listens")
                .isTrue();
    }

    @Test
    void doesWhatThePagesSay() throws Exception {
        assumeThat(Pasted.canBePasted()).as("curl is installed").isTrue();
        var here =
                Map.of(
                        Pasted.GATEWAY,
                        stack.gateway().toString(),
                        "http://localhost:8085",
                        stack.described().path("keycloak_url").asText(),
                        "smollm2-135m-instruct",
                        TestingModel.NAME,
                        "username=ada",
                        "username=" + USER);
        var exported = Map.of("JAN_API_KEY", stack.apiKey(), "ADAS_PASSWORD", PASSWORD);

        assertThat(Pasted.requests()).hasSize(4);
        for (var commands : Pasted.requests()) {
            assertThat(Pasted.paste(commands, here, exported))
                    .as(commands)
                    .contains(commands.contains("/models") ? TestingModel.NAME : "five")
                    .doesNotContain("\"error\"");
        }
    }

    @Test
    void keepsTheKeyThatSignsTokensToItsOwner() throws Exception {
        assertThat(Files.getPosixFilePermissions(stack.home().resolve("keycloak")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void givesAUserAKeyThatWorksUntilItIsDeleted() throws Exception {
        var token = "Bearer " + keycloak.accessToken(USER, PASSWORD);
        var created =
                gateway.post("/auth/api-keys", "{\"name\":\"laptop\"}", "Authorization", token);
        assertThat(created.status()).isEqualTo(201);
        var key = created.body().path("key").asText();
        var id = created.body().path("id").asText();
        assertThat(client(key).models().list().data()).isNotEmpty();
        gateway.delete("/auth/api-keys/" + id, "Authorization", "Bearer " + key).isOpenAiError(403);

        assertThat(gateway.delete("/llm/auth/api-keys/" + id, "Authorization", token).status())
                .isEqualTo(204);
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (gateway.get("/v1/models", "X-API-Key", key).status() != 401) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
        }
        assertThat(stack.output()).doesNotContain(key);
    }

    @Test
    void leadsMcpClientsToTheAuthorizationServer() throws Exception {
        var challenge = gateway.get("/mcp").isOpenAiError(401).challenge();
        var metadata = stack.gateway() + "/.well-known/oauth-protected-resource/mcp";
        assertThat(challenge).isEqualTo("Bearer resource_metadata=\"" + metadata + '"');

        var resource = gateway.get(URI.create(metadata).getPath()).body();
        assertThat(resource.path("resource").asText()).isEqualTo(stack.gateway() + "/mcp");
        assertThat(resource.path("authorization_servers").path(0).asText())
                .isEqualTo(stack.described().path("keycloak_url").asText() + "/realms/jan");
    }

    @Test
    void leavesNoCredentialInAnyLog() throws Exception {
        var canary = "sk_live_" + "cafe".repeat(12);
        gateway.get("/v1/models", "Authorization", "Bearer " + canary);
        gateway.get("/v1/models?key=" + canary, "X-API-Key", canary);

        assertThat(stack.output()).doesNotContain(canary);
    }

    private static List<String> contents(JsonNode request) {
        return StreamSupport.stream(request.path("messages").spliterator(), false)
                .map(message -> message.path("content"))
                .map(content ->
                        content.isArray()
                                ? content.path(0).path("text").asText()
                                : content.asText())
                .toList();
    }

    private static ChatCompletionCreateParams.Builder chat(String text) {
        return ChatCompletionCreateParams.builder().model(TestingModel.NAME).addUserMessage(text);
    }

    private static OpenAIClient client(Credential credential) throws Exception {
        return client(
                switch (credential) {
                    case API_KEY -> stack.apiKey();
                    case ACCESS_TOKEN -> keycloak.accessToken(USER, PASSWORD);
                });
    }

    private static OpenAIClient client(String secret) throws Exception {
        return OpenAIOkHttpClient.builder()
                .baseUrl(stack.gateway() + "/v1")
                .apiKey(secret)
                .maxRetries(0)
                .build();
    }
}
