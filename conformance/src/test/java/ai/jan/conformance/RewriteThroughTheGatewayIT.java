// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What jan-rewrite lets through the real gateway, and how it reaches the model. */
@ExtendWith(SharedStack.class)
class RewriteThroughTheGatewayIT {
    private static final String POLICY =
            """
            config:
                          audience: llm-api-lite
                          aliases: [{name: fast, targets: [{model: testing-model}]}]
                          guard: [{pattern: "(?i)project nessie"}]
                          system_prompt: Be brief.
                          plans:
                            pro: {models: [fast], output_tokens: 50, max_output_tokens: 100}
                        tags: [jan, policy]
            """;

    private static TestingStack stack;
    private static TestingModel model;
    private static SecondGateway other;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        model = running.model();
        var shipped = Files.readString(stack.home().resolve("kong.yml"));
        int plugin = shipped.indexOf("- name: jan-rewrite");
        int config = shipped.indexOf("config:", plugin);
        int end = shipped.indexOf("tags: [jan, policy]", config) + "tags: [jan, policy]\n".length();
        other =
                SecondGateway.start(
                        stack,
                        "policy",
                        shipped.substring(0, config) + POLICY + shipped.substring(end));
    }

    @AfterAll
    static void stop() {
        other.close();
    }

    private static String chat(String name, String members) {
        return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]%s}"
                .formatted(name, members);
    }

    @Test
    void theShippedPolicyLeavesTheLengthOfAUsersAnswerToTheModel() throws Exception {
        var reply = post(stack.gateway(), json(chat(TestingModel.NAME, ",\"max_tokens\":999999")));
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(model.lastRequest().path("max_tokens").asInt()).isEqualTo(999999);
        post(stack.gateway(), json(chat(TestingModel.NAME, "")));
        assertThat(model.lastRequest().has("max_tokens")).isFalse();
        assertThat(model.lastRequest().has("max_completion_tokens")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"guided_regex\":\"(a+)+$\"",
                ",\"chat_template\":\"{{ 7*7 }}\"",
                ",\"n\":100",
                ",\"zzz\":1",
                ",\"Model\":\"x\"",
                ",\"model\":\"x\"",
                ",\"seed\":NaN",
                "} {"
            })
    void theShippedPolicyRefusesWhatIsDangerousOrAmbiguous(String members) throws Exception {
        int before = model.asked();
        var reply = post(stack.gateway(), json(chat(TestingModel.NAME, members)));
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
        assertThat(reply.body()).contains("\"invalid_request_error\"", "\"param\":", "\"code\":");
        assertThat(model.asked()).isEqualTo(before);
    }

    @Test
    void anAliasReachesTheModelItStandsFor() throws Exception {
        var reply = post(other.url(), json(chat("fast", ",\"max_tokens\":5000")));
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(model.lastRequest().path("model").asText()).isEqualTo(TestingModel.NAME);
        assertThat(model.lastRequest().path("max_tokens").asInt()).isEqualTo(100);
        assertThat(model.lastRequest().path("messages").path(0).path("content").asText())
                .isEqualTo("Be brief.");
        assertThat(post(other.url(), json(chat(TestingModel.NAME, ""))).statusCode())
                .isEqualTo(404);
    }

    @Test
    void theGuardReadsCompressedAndChunkedBodiesToo() throws Exception {
        var bad = chat("fast", "").replace("hello", "Tell me about Project \\u004eessie");
        var good = chat("fast", "").replace("hello", "x".repeat(100_000));
        int before = model.asked();
        for (var request : new HttpRequest.Builder[] {json(bad), gzip(bad), chunked(bad)}) {
            var reply = post(other.url(), request);
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
            assertThat(reply.body()).contains("content_policy_violation");
        }
        assertThat(model.asked()).isEqualTo(before);
        for (var request : new HttpRequest.Builder[] {json(good), gzip(good), chunked(good)}) {
            var reply = post(other.url(), request);
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
            assertThat(model.lastRequest().path("messages").path(1).path("content").asText())
                    .hasSize(100_000);
        }
    }

    @Test
    void whatCannotBeReadIsRefused() throws Exception {
        var body = chat("fast", "");
        assertThat(
                        post(
                                        other.url(),
                                        HttpRequest.newBuilder()
                                                .header("Content-Type", "application/json")
                                                .header("Content-Encoding", "br")
                                                .POST(BodyPublishers.ofString(body)))
                                .statusCode())
                .isEqualTo(415);
        assertThat(
                        post(
                                        other.url(),
                                        HttpRequest.newBuilder()
                                                .header(
                                                        "Content-Type",
                                                        "multipart/form-data; boundary=x")
                                                .POST(BodyPublishers.ofString(body)))
                                .statusCode())
                .isEqualTo(415);
        assertThat(post(other.url(), gzip("[" + "0,".repeat(5_000_000) + "0]")).statusCode())
                .isEqualTo(413);
    }

    private static HttpRequest.Builder json(String body) {
        return HttpRequest.newBuilder()
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder chunked(String body) {
        return HttpRequest.newBuilder()
                .header("Content-Type", "application/json")
                .POST(
                        BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(body.getBytes(UTF_8))));
    }

    private static HttpRequest.Builder gzip(String body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(body.getBytes(UTF_8));
        }
        return HttpRequest.newBuilder()
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bytes.toByteArray()));
    }

    private static HttpResponse<String> post(URI gateway, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return HTTP.send(
                request.uri(gateway.resolve("/v1/chat/completions"))
                        .timeout(Gateway.BOUND)
                        .header("Authorization", "Bearer " + stack.apiKey())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
