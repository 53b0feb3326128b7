// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that mean harm, sent to the whole platform: nobody gets in by them, and each is answered
 * in time by an error that OpenAI clients understand, never by 500. Tests T1, T2, T13 and T17 of
 * the threat model; T4 is {@link FailureMatrixIT}, T3 and T15 are in kong-plugins.
 */
@ExtendWith(SharedStack.class)
class AttacksIT {
    private static final String CHAT =
            "{\"model\":\"testing-model\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private static TestingStack stack;
    private static Gateway gateway;
    private static String credential;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        gateway = new Gateway(stack.gateway());
        credential = "Bearer " + stack.apiKey();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//v1/models",
                "/v1//models",
                "/llm//v1/models",
                "/%76%31/models",
                "/v1/../healthz/../v1/models",
                "/healthz/../v1/models",
                "/healthz/%2e%2e/v1/models",
                "/healthz/..;/v1/models",
                "/healthz;/../v1/models",
                "/healthz%2f..%2fv1%2fmodels",
                "/healthz/..\\v1/models",
                "/%2e%2e/v1/models",
                "/.well-known/oauth-protected-resource/../../v1/models",
                "/auth/guest-login/../../v1/models",
                "/v1%2fmodels",
                "/v1%252fmodels",
                "/V1/models",
                "/v1/models.",
                "/v1/models;a=b",
                "/v1;a/models",
                "/v1/models%00",
                "/v1/models%zz",
                "/v1/mcp/../models",
                "http://127.0.0.1/v1/models",
                "*",
            })
    void noSpellingOfAPathLeadsPastTheCredential(String path) throws Exception {
        var answer = to("GET " + path).text("\r\n").send(stack.gateway()).isOneOpenAiError();

        assertThat(answer.statuses().getFirst()).isIn(400, 401, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Original-URL: /healthz",
                "X-Rewrite-URL: /healthz",
                "X-Forwarded-Path: /healthz",
                "X-Forwarded-For: 127.0.0.1",
                "X-User-ID: somebody",
                "X_USER_ID: somebody",
                "X-Jan-Identity: e30.e30.e30",
                "x_jan_identity: e30.e30.e30",
                "X-Consumer-ID: somebody",
                "Remote-User: somebody",
                "Authorization: Basic c29tZWJvZHk6",
                "Authorization: Bearer",
                "Authorization: Bearer ' OR 1=1 --",
                "Authorization: Bearer sk_live_';SELECT pg_sleep(10);--",
                "Authorization: Bearer sk_live_\u00c0\u00af",
                "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.",
                "X-API-Key: sk_live_000000000000000000000000000000000000000000000000",
                "Cookie: access_token=x",
            })
    void noHeaderIsProofOfAnIdentity(String header) throws Exception {
        var answer = to("GET /v1/models").text(header + "\r\n\r\n").send(stack.gateway());

        assertThat(answer.isOneOpenAiError().statuses()).containsExactly(401);
    }

    @Test
    void aCallerIsWhoTheCredentialSaysWhateverElseIsClaimed() throws Exception {
        var created =
                gateway.post(
                        "/v1/conversations",
                        "{}",
                        "Authorization",
                        credential,
                        "X-User-ID",
                        "somebody",
                        "X_Jan_Identity",
                        "e30.e30.e30",
                        "X-JAN-IDENTITY",
                        "e30.e30.e30");

        var id = created.body().path("id").asText();
        assertThat(gateway.get("/v1/conversations/" + id, "Authorization", credential).status())
                .isEqualTo(200);
    }

    @Test
    void theServiceBehindTheGatewayAcceptsNoCredentialOfAClient() throws Exception {
        var service = new Gateway(URI.create(stack.described().path("llm_api_url").asText()));

        service.get("/v1/models").isOpenAiError(401);
        service.get("/v1/models", "Authorization", credential).isOpenAiError(401);
        service.get("/v1/models", "X-User-ID", "local", "X-Auth-Method", "apikey")
                .isOpenAiError(401);
        service.get("/v1/models", "X-Jan-Identity", "e30.e30.e30").isOpenAiError(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
                "Content-Length: 2\r\nContent-Length: 0\r\n\r\n{}",
                "Content-Length: 2, 2\r\n\r\n{}",
                "Content-Length: +2\r\n\r\n{}",
                "Content-Length: 0x2\r\n\r\n{}",
                "Content-Length: 99999999999999999999\r\n\r\n{}",
                "Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}",
                "Transfer-Encoding:\r\n chunked\r\nContent-Length: 2\r\n\r\n{}",
                "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
                "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n2 2\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
            })
    void aRequestWhoseEndIsUnclearIsRefused(String rest) throws Exception {
        var answer =
                new RawRequest()
                        .text("POST /v1/conversations HTTP/1.1\r\nHost: x\r\n")
                        .text("Authorization: " + credential + "\r\n" + rest)
                        .text("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .send(stack.gateway());

        assertThat(answer.isOneOpenAiError().statuses()).containsExactly(400);
    }

    @Test
    void theBodyOfARefusedRequestIsNotTakenForAnother() throws Exception {
        var hidden =
                "GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: " + credential + "\r\n\r\n";

        var answers =
                new RawRequest()
                        .text("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n")
                        .body(hidden.getBytes(ISO_8859_1))
                        .text("GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .send(stack.gateway());

        assertThat(answers.statuses()).containsExactly(401, 401);
    }

    @Test
    void requestsOnOneConnectionShareNoIdentity() throws Exception {
        var anonymous = "GET /v1/models HTTP/1.1\r\nHost: x\r\n";

        var answers =
                new RawRequest()
                        .text(anonymous + "\r\n")
                        .text(anonymous + "Authorization: " + credential + "\r\n\r\n")
                        .text(anonymous + "Connection: close\r\n\r\n")
                        .send(stack.gateway());

        assertThat(answers.statuses()).containsExactly(401, 200, 401);
    }

    static Stream<Arguments> unreadableBodies() {
        return Stream.of(
                Arguments.of("nothing", new byte[0]),
                Arguments.of("cut off", "{\"model\":".getBytes(UTF_8)),
                Arguments.of("two values", (CHAT + "{}").getBytes(UTF_8)),
                Arguments.of("not an object", "[]".getBytes(UTF_8)),
                Arguments.of("UTF-16", CHAT.getBytes(UTF_16)),
                Arguments.of("UTF-32", CHAT.getBytes(Charset.forName("UTF-32"))),
                Arguments.of("byte order mark", ("\uFEFF" + CHAT).getBytes(UTF_8)),
                Arguments.of("not UTF-8", CHAT.replace("hello", "\u00ff").getBytes(ISO_8859_1)),
                Arguments.of("overlong", CHAT.replace("m", "\u00c1\u00ad").getBytes(ISO_8859_1)),
                Arguments.of("NUL", CHAT.replace("hello", "\0").getBytes(UTF_8)),
                Arguments.of(
                        "member twice", ("{\"model\":\"x\"," + CHAT.substring(1)).getBytes(UTF_8)),
                Arguments.of("deep", ("{\"a\":".repeat(200_000)).getBytes(UTF_8)),
                Arguments.of("long number", ("{\"n\":" + "9".repeat(5000) + "}").getBytes(UTF_8)),
                Arguments.of("gzip", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadableBodies")
    void aBodyThatIsNotJsonIsTheClientsFault(String what, byte[] body) throws Exception {
        var answer =
                to("POST /v1/chat/completions")
                        .text("Authorization: " + credential + "\r\n")
                        .body(body)
                        .send(stack.gateway());

        assertThat(answer.isOneOpenAiError().statuses()).as(what).containsExactly(400);
    }

    @Test
    void aConversationKeepsEveryText() throws Exception {
        var odd = "\u0000 \u0001 '; DROP TABLE chat.items; -- \\u0000 \"\\ \uD83D\uDE00 \u202E";
        var item = Json.object().put("type", "message").put("role", "user").put("content", odd);
        var body = Json.object();
        body.putArray("items").add(item);
        body.putObject("metadata").put(odd, odd);

        var created =
                gateway.post("/v1/conversations", Json.text(body), "Authorization", credential);
        var path = "/v1/conversations/" + created.body().path("id").asText();
        var items = gateway.get(path + "/items", "Authorization", credential);

        assertThat(created.status()).as(created.body().toString()).isEqualTo(200);
        assertThat(created.body().path("metadata").path(odd).asText()).isEqualTo(odd);
        assertThat(items.body().at("/data/0/content/0/text").asText()).isEqualTo(odd);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%27",
                "%22",
                "%00",
                "a%0d%0ab",
                "%2e%2e",
                "..%2f..%2fhealthz",
                "%2F",
                "%25",
                "%252e",
                "%e2%82",
                "%C0%80",
                "%f0%9f%98%80",
                "a%5cb",
                "a+b",
                "a;b",
                "%zz",
                "conv_%27%20OR%201=1"
            })
    void anIdOfAnySpellingIsAnUnknownOne(String id) throws Exception {
        for (var method : new String[] {"GET", "DELETE"}) {
            var answer =
                    to(method + " /v1/conversations/" + id)
                            .text("Authorization: " + credential + "\r\n\r\n")
                            .send(stack.gateway());
            assertThat(answer.isOneOpenAiError().statuses().getFirst()).isIn(400, 404);
        }
        var chat =
                gateway.post(
                        "/v1/chat/completions",
                        Json.text(((ObjectNode) Json.parse(CHAT)).put("conversation", id)),
                        "Authorization",
                        credential);
        chat.isOpenAiError(404);
    }

    @Test
    void noSecretIsInALogOrAProcessList() throws Exception {
        var secrets = stack.secrets();
        var logs = stack.logs();
        var terminal = stack.output().replace(stack.apiKey(), ""); // shown on purpose, there only
        var commands = new StringBuilder();
        for (var process : stack.processes().values()) {
            process.info().commandLine().ifPresent(commands::append);
        }

        assertThat(secrets).hasSizeGreaterThan(5);
        assertThat(logs).contains("JAN_IDENTITY_KEY_LLM_API_LITE=***");
        assertThat(commands).contains("llm-api-lite.jar");
        assertThat(secrets)
                .allSatisfy((name, secret) -> {
                    assertThat(logs.contains(secret)).as("a log has " + name).isFalse();
                    assertThat(terminal.contains(secret)).as("shown: " + name).isFalse();
                    assertThat(commands.indexOf(secret)).as("a command has " + name).isNegative();
                });
    }

    private static RawRequest to(String target) {
        return new RawRequest().text(target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    }
}
