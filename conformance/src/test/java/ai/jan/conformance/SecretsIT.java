// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Comes last and looks at every log of every process of every stack that the tests before it have
 * started, with all that they have sent: keys, tokens, passwords, and prompts of its own.
 */
@Order(Integer.MAX_VALUE)
@DisplayName("T9 log and trace leakage")
@ExtendWith(SharedStack.class)
class SecretsIT {
    private static final String MARK = Long.toString(System.nanoTime(), 36) + "-canary-of-this-run";
    private static final String USER = "canary-" + Long.toString(System.nanoTime(), 36);

    private static SharedStack.Running platform;
    private static TestingStack stack;
    private static Gateway gateway;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        platform = running;
        stack = running.stack();
        gateway = new Gateway(stack.gateway());
    }

    @Test
    void nothingSecretIsInALogAMetricOrASpan() throws Exception {
        sendPrompts();
        sendCredentialsEverywhere();

        assertThat(Canaries.count()).as("secrets to look for").isGreaterThan(10);
        var texts = logs(Path.of("target"));
        assertThat(texts)
                .hasSizeGreaterThan(5)
                .anySatisfy((name, text) -> assertThat(text).contains("JAN_DATABASE_PASSWORD=***"));
        Traffic.of(platform)
                .scrapes()
                .forEach((process, scrape) -> texts.put("metrics of " + process, scrape.text()));
        assertThat(texts).containsKeys("metrics of kong", "metrics of llm-api-lite");
        var spans = platform.traces().all();
        assertThat(spans).hasSizeGreaterThan(20);
        texts.put("spans", spans.toString());
        assertThat(texts).allSatisfy((name, text) -> assertThat(Canaries.in(text)).isEmpty());
    }

    @Test
    void aSecretInALogWouldBeFound(@TempDir Path folder) throws Exception {
        var secret = "a secret that " + MARK;
        Canaries.remember("proof", secret);
        var logs = Files.createDirectories(folder.resolve("stack-proof/logs"));
        Files.writeString(logs.resolve("some.log"), "WARN refused " + secret + "\n");

        assertThat(logs(folder).values())
                .singleElement()
                .satisfies(text -> assertThat(Canaries.in(text)).contains("proof"));
    }

    private static void sendPrompts() throws Exception {
        var credential = "Bearer " + stack.apiKey();
        var bodies =
                List.of(
                        "{\"model\":\"testing-model\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}",
                        "{\"model\":\"testing-model\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}",
                        "{\"model\":\"no-such-model\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}",
                        "{\"model\":\"testing-model\",\"messages\":\"%s\"}",
                        "{\"model\":\"testing-model\",\"messages\":[{\"role\":\"user\",\"content\":\"overloaded %s\"}]}",
                        "{\"%s");
        for (var body : bodies) {
            var prompt = "my grandmother lives at " + bodies.indexOf(body) + MARK;
            Canaries.remember("prompt", prompt);
            try (var streamed =
                    HttpClient.newHttpClient()) { // an answer may be a stream, which is no JSON
                streamed.send(
                        HttpRequest.newBuilder(stack.gateway().resolve("/v1/chat/completions"))
                                .timeout(Gateway.BOUND)
                                .header("Authorization", credential)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body.formatted(prompt)))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            }
            gateway.post("/v1/conversations", body.formatted(prompt), "Authorization", credential);
        }
    }

    private static void sendCredentialsEverywhere() throws Exception {
        var keycloak = new TestingKeycloak(stack.described());
        keycloak.createUser(USER, "password of " + MARK);
        var tokens = keycloak.tokens(USER, "password of " + MARK);
        var bearer = "Bearer " + tokens.path("access_token").asText();
        var created = gateway.post("/auth/api-keys", "{\"name\":\"x\"}", "Authorization", bearer);
        assertThat(created.status()).isEqualTo(201);
        Canaries.remember("API key", created.body().path("key").asText());
        var refreshed =
                gateway.post(
                        "/auth/refresh-token",
                        Json.text(
                                Json.object()
                                        .put(
                                                "refresh_token",
                                                tokens.path("refresh_token").asText())));
        Canaries.remember("access token", refreshed.body().path("access_token").asText());
        Canaries.remember("refresh token", refreshed.body().path("refresh_token").asText());
        for (var wrong :
                List.of("sk_live_" + MARK, "Bearer." + MARK, bearer.substring(7) + "x", MARK)) {
            Canaries.remember("wrong credential", wrong);
            gateway.get("/v1/models", "Authorization", "Bearer " + wrong).isOpenAiError(401);
            gateway.get("/v1/models", "X-API-Key", wrong).isOpenAiError(401);
            gateway.get("/auth/me", "Cookie", "access_token=" + wrong).isOpenAiError(401);
            gateway.post(
                    "/auth/refresh-token", Json.text(Json.object().put("refresh_token", wrong)));
        }
    }

    /** What the processes of all stacks under a folder have written, by file. */
    private static Map<String, String> logs(Path folder) throws IOException {
        var texts = new TreeMap<String, String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(SecretsIT::isLog).toList()) {
                texts.put(file.toString(), read(file));
            }
        }
        return texts;
    }

    private static boolean isLog(Path file) {
        return file.toString().contains("stack-") && file.toString().endsWith(".log");
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
