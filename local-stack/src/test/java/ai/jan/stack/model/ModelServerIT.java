// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.http.HttpServer;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ModelServerIT {
    private static final String CHAT = "/v1/chat/completions";

    private static HttpServer server;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        server = serve(new ScriptedEngine());
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        server.close();
    }

    @Test
    void listsItsModel() throws Exception {
        var answer = get("/v1/models");

        assertThat(answer.path("object").asText()).isEqualTo("list");
        assertThat(answer.path("data").path(0).path("id").asText()).isEqualTo("scripted");
    }

    @Test
    void isHealthy() throws Exception {
        assertThat(get("/health").isObject()).isTrue();
    }

    @Test
    void saysThatItIsScripted() throws Exception {
        var answer = Json.parse(post(chat("'hello there'", "")).body());

        var choice = answer.path("choices").path(0);
        assertThat(choice.path("message").path("content").asText())
                .contains("scripted")
                .endsWith("hello there");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.path("usage").path("total_tokens").asInt())
                .isEqualTo(
                        answer.path("usage").path("prompt_tokens").asInt()
                                + answer.path("usage").path("completion_tokens").asInt());
    }

    @Test
    void cutsAnAnswerOffAtTheLimit() throws Exception {
        var answer = Json.parse(post(chat("'hello'", ",'max_tokens':3")).body());

        assertThat(answer.path("choices").path(0).path("finish_reason").asText())
                .isEqualTo("length");
        assertThat(answer.path("usage").path("completion_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void endsAnAnswerBeforeAStopString() throws Exception {
        var answer = Json.parse(post(chat("'one two three'", ",'stop':' two'")).body());

        var choice = answer.path("choices").path(0);
        assertThat(choice.path("message").path("content").asText()).endsWith("You said: one");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void streamsWordByWordAndEndsWithUsage() throws Exception {
        var request = chat("'a b c'", ",'stream':true,'stream_options':{'include_usage':true}");
        var arrivals = new ArrayList<Long>();
        var chunks = new ArrayList<JsonNode>();
        try (var lines = http.send(request(request), HttpResponse.BodyHandlers.ofLines()).body()) {
            for (var line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("data: {")) {
                    arrivals.add(System.nanoTime());
                    chunks.add(Json.parse(line.substring("data: ".length())));
                } else {
                    assertThat(line).isIn("", "data: [DONE]", ":");
                }
            }
        }

        assertThat(Duration.ofNanos(arrivals.getLast() - arrivals.getFirst()))
                .as("it is not sent in one piece")
                .isGreaterThan(Duration.ofMillis(100));
        assertThat(chunks)
                .extracting(chunk -> chunk.path("id").asText())
                .containsOnly(chunks.getFirst().path("id").asText());
        assertThat(delta(chunks.getFirst()).path("role").asText()).isEqualTo("assistant");
        assertThat(text(chunks)).contains("scripted").endsWith("a b c");
        assertThat(chunks.getLast().path("choices")).isEmpty();
        assertThat(chunks.getLast().path("usage").path("completion_tokens").asInt()).isPositive();
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allSatisfy(chunk -> assertThat(chunk.path("usage").isNull()).isTrue());
    }

    @Test
    void doesNotSpeakOfUsageUnasked() throws Exception {
        var body = post(chat("'a'", ",'stream':true")).body();

        assertThat(new String(body, java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain("usage")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void doesNotKnowOtherModels() throws Exception {
        var answer = post(chat("'a'", "").replace("scripted", "gpt-5"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Json.parse(answer.body()).path("error").path("code").asText())
                .isEqualTo("model_not_found");
    }

    @Test
    void refusesWhatIsNotJson() throws Exception {
        assertThat(post("{").statusCode()).isEqualTo(400);
    }

    @Test
    void stopsGeneratingWhenTheClientLeavesAndServesTheNext() throws Exception {
        var engine = new EndlessEngine();
        try (var endless = serve(engine);
                var client = HttpClient.newHttpClient()) {
            var url = endless.uri().resolve(CHAT);
            var body = chat("'a'", ",'stream':true").replace("scripted", "endless");
            var stream =
                    client.send(
                            HttpRequest.newBuilder(url)
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(stream.body().read()).isNotNegative();

            stream.body().close();

            assertThat(engine.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            var next =
                    client.send(
                            HttpRequest.newBuilder(url)
                                    .timeout(Duration.ofSeconds(10))
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    body.replace(
                                                            "\"stream\":true", "\"max_tokens\":2")))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(next.statusCode()).isEqualTo(200);
            assertThat(next.body()).contains("word 0 word 1");
        }
    }

    private static HttpServer serve(Engine engine) throws IOException {
        return ModelServer.serve(
                new HttpSettings(
                        "127.0.0.1",
                        0,
                        1_000_000,
                        16_000_000,
                        16,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(1)),
                engine);
    }

    private static String chat(String content, String more) {
        return ("{'model':'scripted','messages':[{'role':'user','content':"
                        + content
                        + "}]"
                        + more
                        + "}")
                .replace('\'', '"');
    }

    private static JsonNode delta(JsonNode chunk) {
        return chunk.path("choices").path(0).path("delta");
    }

    private static String text(List<JsonNode> chunks) {
        var text = new StringBuilder();
        chunks.forEach(chunk -> text.append(delta(chunk).path("content").asText("")));
        return text.toString();
    }

    private static JsonNode get(String path) throws Exception {
        var answer =
                http.send(
                        HttpRequest.newBuilder(server.uri().resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private static HttpResponse<byte[]> post(String body) throws Exception {
        return http.send(request(body), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest request(String body) {
        return HttpRequest.newBuilder(URI.create(server.uri() + CHAT))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
