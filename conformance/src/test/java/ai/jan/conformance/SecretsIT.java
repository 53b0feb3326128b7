// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.io.IOException;
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
    void nothingSecretIsInALogAMetricASpanOrAnError() throws Exception {
        sendPrompts();
        sendToTools();
        sendCredentialsEverywhere();

        assertThat(Canaries.count()).as("secrets to look for").isGreaterThan(10);
        var spans = spans();
        var texts = logs(Path.of("target"));
        texts.putAll(metrics());
        texts.put("spans", spans);
        assertThat(texts).allSatisfy((name, text) -> assertThat(Canaries.in(text)).isEmpty());
    }

    /** Of every process, and not only that it has started. */
    @Test
    void thereAreLogsOfAllThatHasSeenSecrets() throws Exception {
        sendPrompts();
        sendToTools();

        var home = stack.home().resolve("logs");
        for (var process : List.of("gateway", "keycloak", "kong-plugins", "postgres")) {
            assertThat(home.resolve(process + ".log")).isNotEmptyFile();
        }
        assertThat(home.resolve("llm-api-lite.log"))
                .content()
                .contains("JAN_DATABASE_PASSWORD=***", "POST /v1/chat/completions 200");
        assertThat(home.resolve("mcp-tools.log")).content().contains("POST /v1/mcp 200");
        assertThat(logs(Path.of("target"))).hasSizeGreaterThan(5);
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
            for (var path : List.of("/v1/chat/completions", "/v1/conversations")) {
                checked(gateway.post(path, body.formatted(prompt), "Authorization", credential));
            }
            var input = "{\"model\":\"testing-model\",\"input\":\"%s\",\"stream\":%b}";
            for (var stream : new boolean[] {false, true}) {
                var request = input.formatted(prompt, stream);
                checked(gateway.post("/v1/responses", request, "Authorization", credential));
            }
        }
    }

    private static void sendToTools() throws Exception {
        var document = "my grandmother's diary " + MARK;
        Canaries.remember("document", document);
        for (var call :
                List.of(
                        "{\"name\":\"file_search_index\",\"arguments\":{\"document_id\":\"d\",\"text\":\"%s\"}}",
                        "{\"name\":\"file_search_query\",\"arguments\":{\"query\":\"%s\"}}",
                        "{\"name\":\"file_search_query\",\"arguments\":{\"no such\":\"%s\"}}",
                        "{\"name\":\"%s\",\"arguments\":{}}")) {
            mcp("tools/call", call.formatted(document), ClientTrace.begin(platform.traces()));
        }
    }

    private static void mcp(String method, String params, ClientTrace trace) throws Exception {
        gateway.post(
                "/v1/mcp",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}"
                        .formatted(method, params),
                "Authorization",
                "Bearer " + stack.apiKey(),
                "Accept",
                "application/json",
                "traceparent",
                trace.header());
    }

    /** An answer may say again what was said; an error may not. */
    private static void checked(Gateway.Reply reply) {
        if (reply.status() >= 400) {
            assertThat(Canaries.in(reply.body().toString())).isEmpty();
        }
    }

    private static Map<String, String> metrics() throws Exception {
        var texts = new TreeMap<String, String>();
        Traffic.of(platform)
                .scrapes()
                .forEach((process, scrape) -> {
                    assertThat(scrape.series()).as(process).hasSizeGreaterThan(10);
                    texts.put("metrics of " + process, scrape.text());
                });
        assertThat(texts).hasSize(4);
        return texts;
    }

    /** Processes send in order: with these last ones all that were before have arrived. */
    private static String spans() throws Exception {
        var last = ClientTrace.begin(platform.traces());
        mcp("ping", "{}", last);
        gateway.get(
                "/v1/models",
                "Authorization",
                "Bearer " + stack.apiKey(),
                "traceparent",
                last.header());
        last.await("mcp-tools", "POST /v1/mcp");
        last.await("llm-api-lite", "GET /v1/models");
        last.await("kong-plugins", "jan-quota access");
        var all = platform.traces().all();
        assertThat(all)
                .anyMatch(span -> span.isOf("llm-api-lite", "chat testing-model"))
                .anyMatch(span -> span.isOf("llm-api-lite", "POST /v1/responses"))
                .anyMatch(span -> span.isOf("mcp-tools", "tools/call file_search_query"))
                .anyMatch(span -> span.isOf("kong-plugins", "jan-auth access"));
        return all.toString();
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
            var bearerOf = "Bearer " + wrong;
            checked(gateway.get("/v1/models", "Authorization", bearerOf).isOpenAiError(401));
            checked(gateway.get("/v1/models", "X-API-Key", wrong).isOpenAiError(401));
            checked(gateway.get("/auth/me", "Cookie", "access_token=" + wrong).isOpenAiError(401));
            var refresh = Json.text(Json.object().put("refresh_token", wrong));
            checked(gateway.post("/auth/refresh-token", refresh));
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
