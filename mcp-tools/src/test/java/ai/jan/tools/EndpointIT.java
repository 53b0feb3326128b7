// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the HTTP endpoint takes, refuses and answers. */
class EndpointIT {
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
    private static final String CALL =
            """
            {"jsonrpc":"2.0","id":"a","method":"tools/call",
             "params":{"name":"echo","arguments":{"text":"hello"}}}
            """;

    private static TestingMcpTools service;
    private static TestingMcpTools.Caller ada;

    @BeforeAll
    static void start() throws Exception {
        // The JDK's client sets this header itself unless it is told not to.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        service = TestingMcpTools.start(new TestingTool("echo"));
        ada = service.caller("ada", "user");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void servesClientsThatNeverInitialize() throws Exception {
        assertThat(ada.tools()).containsExactly("echo");
        var answer = ada.post(CALL);
        assertThat(answer.json().path("id").textValue()).isEqualTo("a");
        var result = answer.json().path("result");
        assertThat(result.path("structuredContent").path("to").asText()).isEqualTo("ada");
        assertThat(result.path("content").path(0).path("text").asText())
                .isEqualTo("{\"said\":\"hello\",\"to\":\"ada\"}");
        assertThat(result.path("isError").asBoolean()).isFalse();
    }

    @Test
    void takesNullForWhatIsNotThere() throws Exception {
        var list = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":null}";
        assertThat(ada.post(list).json().path("result").path("tools")).hasSize(1);
        var result = ada.call("echo", Json.object().put("text", "hello").putNull("times"));
        assertThat(result.path("structuredContent").path("said").asText()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    void agreesOnEveryRevisionThatTheSdkKnows(String revision) throws Exception {
        var answer =
                ada.post(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{
                          "protocolVersion":"%s","capabilities":{},
                          "clientInfo":{"name":"test","version":"1"}}}
                        """
                                .formatted(revision));
        assertThat(answer.json().path("result").path("protocolVersion").asText())
                .isEqualTo(revision);
        assertThat(answer.http().headers().firstValue("Mcp-Session-Id")).isEmpty();
        assertThat(ada.post(LIST, "MCP-Protocol-Version", revision).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | application/json",
                "application/json, text/event-stream | application/json",
                "*/* | application/json",
                "text/event-stream | text/event-stream"
            })
    void answersInTheFormThatIsAccepted(String accept, String type) throws Exception {
        var answer = ada.post(LIST, "Accept", accept);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.http().headers().firstValue("Content-Type").orElse("")).startsWith(type);
        assertThat(answer.json().path("result").path("tools")).hasSize(1);
    }

    @Test
    void refusesWhatIsNoMcpRequest() throws Exception {
        assertThat(ada.post(LIST, "Accept", "text/html").status()).isEqualTo(406);
        assertThat(ada.post(LIST, "Content-Type", "text/plain").status()).isEqualTo(415);
        assertThat(ada.post(LIST, "MCP-Protocol-Version", "1999-01-01").status()).isEqualTo(400);
        for (var method : List.of("GET", "DELETE", "PUT")) {
            var request =
                    HttpRequest.newBuilder(service.endpoint())
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build();
            try (var http = HttpClient.newHttpClient()) {
                var answer = http.send(request, BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(405);
                assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
            }
        }
    }

    @Test
    void acceptsNotificationsAndSaysNothing() throws Exception {
        for (var method : List.of("notifications/initialized", "notifications/cancelled")) {
            var answer = ada.post("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}");
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.http().body()).isEmpty();
        }
        assertThat(ada.post("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}").status())
                .isEqualTo(202);
    }

    @Test
    void answersPingAndMethodsThatDoNotExist() throws Exception {
        var pong = ada.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}").json();
        assertThat(pong.has("result")).isTrue();
        assertThat(
                        ada.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/dance\"}")
                                .json()
                                .path("error")
                                .path("code")
                                .asInt())
                .isEqualTo(-32601);
    }

    @Test
    void paramsThatDoNotFitAreTheClientsMistake() throws Exception {
        for (var params : List.of("{\"name\":\"echo\",\"arguments\":\"x\"}", "{\"name\":[1]}")) {
            var answer =
                    ada.post(
                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                                    + params
                                    + "}");
            assertThat(answer.json().path("error").path("code").asInt()).isEqualTo(-32602);
        }
        var wrong = ada.call("echo", Json.object().put("text", 5).put("times", 10));
        assertThat(wrong.path("isError").asBoolean()).isTrue();
        assertThat(wrong.path("content").path(0).path("text").asText()).contains("/text", "/times");
    }

    @Test
    void letsNobodyInWithoutTheGatewaysSignature() throws Exception {
        var other = IdentityKey.of("o".repeat(32));
        for (var identity :
                List.of(
                        "nonsense",
                        sign("mcp-tools", other),
                        sign("llm-api-lite", TestingMcpTools.KEY))) {
            var answer = service.new Caller(identity).post(LIST);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.json().path("error").path("message").asText()).isNotBlank();
        }
        var previous = service.new Caller(sign("mcp-tools", TestingMcpTools.PREVIOUS));
        assertThat(previous.post(LIST).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "Host, evil.example.com, 403",
        "Host, mcp-tools:8091, 200",
        "Host, localhost:1, 200",
        "Origin, https://evil.example.com, 403",
        "Origin, http://localhost.evil.example.com, 403",
        "Origin, null, 403",
        "Origin, https://chat.example.com, 200",
        "Origin, http://localhost:5173, 200"
    })
    void t16ChecksHostAndOrigin(String header, String value, int status) throws Exception {
        assertThat(ada.post(LIST, header, value).status()).isEqualTo(status);
    }

    @Test
    void t16ChecksWhereARequestComesFromBeforeAnythingElse() throws Exception {
        var nobody = service.new Caller("nonsense");
        assertThat(nobody.post(LIST, "Origin", "https://evil.example.com").status()).isEqualTo(403);
        assertThat(nobody.post(LIST, "Host", "evil.example.com").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/list\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"Method\":\"tools/list\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"a\",\"NAME\":\"echo\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"a\",\"name\":\"echo\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[1]}",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} trailing",
                "",
                "nonsense"
            })
    void t16RefusesMessagesThatCanBeReadInTwoWays(String message) throws Exception {
        var answer = ada.post(message);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("jsonrpc").asText()).isEqualTo("2.0");
        assertThat(answer.json().path("error").path("code").asInt()).isNegative();
        assertThat(answer.json().path("error").path("message").asText()).isNotBlank();
    }

    @Test
    void t16RefusesHeadersThatContradictTheBody() throws Exception {
        assertThat(ada.post(CALL, "Mcp-Method", "tools/call", "Mcp-Name", "echo").status())
                .isEqualTo(200);
        for (var header : List.of("Mcp-Method", "Mcp-Name")) {
            var answer = ada.post(CALL, header, "something-else");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("error").path("code").asInt()).isEqualTo(-32020);
        }
    }

    @Test
    void t16KeepsCallersApartWhateverSessionTheyClaim() throws Exception {
        var bob = service.caller("bob", "user").post(CALL, "Mcp-Session-Id", "of-ada");
        assertThat(bob.json().path("result").path("structuredContent").path("to").asText())
                .isEqualTo("bob");
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        assertThat(ada.post("{\"x\":\"" + "x".repeat(17 * 1024 * 1024) + "\"}").status())
                .isEqualTo(413);
    }

    @Test
    void saysWhetherItLivesAndIsReady() throws Exception {
        for (var path : List.of("/healthz", "/readyz")) {
            try (var http = HttpClient.newHttpClient()) {
                URI address = service.uri().resolve(path);
                var answer =
                        http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("\"status\"");
            }
        }
    }

    private static String sign(String audience, IdentityKey key) {
        return new IdentitySigner(audience, key, Clock.systemUTC())
                .sign(TestingMcpTools.who("ada", "user"));
    }
}
