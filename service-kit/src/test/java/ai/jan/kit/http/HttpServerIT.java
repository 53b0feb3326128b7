// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Telemetry;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpServerIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final CountDownLatch CLIENT_LEFT = new CountDownLatch(1);
    private static HttpServer server;

    @BeforeAll
    static void start() throws IOException {
        var router =
                new Router()
                        .get("/things/{id}", e -> e.send(200, idOf(e)))
                        .get("/models/{id...}", e -> e.send(200, idOf(e)))
                        .get(
                                "/models/special",
                                e -> e.send(200, Json.object().put("id", "special")))
                        .get("/query", e -> e.send(200, List.copyOf(e.queries("include[]"))))
                        .post(
                                "/refused",
                                _ -> {
                                    throw ApiProblem.notFound(null, null, "Not for you.");
                                })
                        .post("/echo", e -> e.send(200, e.jsonObject()))
                        .get("/nothing", _ -> {})
                        .get(
                                "/bug",
                                _ -> {
                                    throw new IllegalStateException("secret detail");
                                })
                        .get(
                                "/world",
                                _ -> {
                                    throw new IOException("secret detail");
                                })
                        .get(
                                "/limited",
                                _ -> {
                                    throw new ApiProblem(
                                                    429,
                                                    "requests",
                                                    "rate_limit_exceeded",
                                                    null,
                                                    "Slow")
                                            .header("Retry-After", "2");
                                })
                        .get("/events", HttpServerIT::twoEvents)
                        .get("/broken-events", HttpServerIT::brokenEvents)
                        .get("/silent", HttpServerIT::silent);
        server =
                HttpServer.start(
                        new HttpSettings(
                                "127.0.0.1",
                                0,
                                1000,
                                50_000,
                                50,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5)),
                        router,
                        failure ->
                                failure instanceof IOException
                                        ? ApiProblem.unavailable("upstream", "Not now.")
                                        : ApiProblem.internal(),
                        Telemetry.off());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void takesIdsWithSlashesRawAndEncoded() throws Exception {
        assertThat(json(get("/models/a/b")).path("id").asText()).isEqualTo("a/b");
        assertThat(json(get("/models/a%2Fb%20c")).path("id").asText()).isEqualTo("a/b c");
        assertThat(json(get("/models/a%252Fb")).path("id").asText()).isEqualTo("a%2Fb");
        assertThat(json(get("/models/a%3Bb%2fc+d%C3%BC")).path("id").asText())
                .isEqualTo("a;b/c+dü");
        assertThat(json(get("/models/special")).path("id").asText()).isEqualTo("special");
        assertThat(get("/models/").statusCode()).isEqualTo(404);
        assertThat(get("/things/a/b").statusCode()).isEqualTo(404);
    }

    @Test
    void readsRepeatedQueryParameters() throws Exception {
        assertThat(get("/query?include[]=a&include%5B%5D=b").body()).isEqualTo("[\"a\",\"b\"]");
    }

    @Test
    void namesMethodAndPathOfAnUnknownRoute() throws Exception {
        var answer = get("/v1/v1/models");
        assertThat(answer.statusCode()).isEqualTo(404);
        var error = json(answer).path("error");
        assertThat(error.path("message").asText()).contains("GET /v1/v1/models");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.has("param")).isTrue();
        assertThat(error.path("code").isNull()).isTrue();
    }

    @Test
    void tellsWhichMethodsAreAllowed() throws Exception {
        var answer = send("PATCH", "/things/1", "");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
        assertThat(json(answer).path("error").path("code").asText())
                .isEqualTo("method_not_supported");
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        var answer = send("HEAD", "/things/1", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void doesNotTellAnybodyAboutAFault() throws Exception {
        for (var path : List.of("/bug", "/nothing")) {
            var answer = get(path);
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("secret").contains("\"server_error\"");
        }
        var answer = get("/world");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).doesNotContain("secret").contains("Not now.");
    }

    @Test
    void sendsTheHeadersOfAProblem() throws Exception {
        assertThat(get("/limited").headers().firstValue("Retry-After")).contains("2");
    }

    @Test
    void answersWithTheIdOfTheRequest() throws Exception {
        var given =
                CLIENT.send(
                        HttpRequest.newBuilder(uri("/things/1"))
                                .header("X-Request-Id", "r-1")
                                .build(),
                        BodyHandlers.ofString());
        assertThat(given.headers().firstValue("X-Request-Id")).contains("r-1");
        assertThat(get("/unknown").headers().firstValue("X-Request-Id"))
                .hasValueSatisfying(id -> assertThat(id).matches("req_[0-9a-f]{32}"));
    }

    @Test
    void refusesBodiesThatAreTooLargeWithAndWithoutALength() throws Exception {
        var large = "{\"a\":\"" + "x".repeat(2000) + "\"}";
        var known = send("POST", "/echo", large);
        assertThat(known.statusCode()).isEqualTo(413);
        assertThat(json(known).path("error").path("message").asText()).contains("1000 bytes");
        var chunked =
                raw(
                        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n"
                                + "x".repeat(2000)
                                + "\r\n0\r\n\r\n");
        assertThat(chunked).startsWith("HTTP/1.1 413").contains("\"invalid_request_error\"");
    }

    @Test
    void refusesBodiesThatAreNotJsonObjects() throws Exception {
        for (var body : List.of("", "{", "[]", "\"x\"", "{} {}", "nul", "{\"a\":\u0001}")) {
            var answer = send("POST", "/echo", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(json(answer).path("error").path("type").asText())
                    .isEqualTo("invalid_request_error");
        }
    }

    @Test
    void answersMalformedRequestsInTheSameShape() throws Exception {
        assertThat(raw("GARBAGE\r\n\r\n")).contains(" 400 ").contains("\"error\":{\"message\"");
        assertThat(raw("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"))
                .contains(" 400 ")
                .contains("\"error\":{\"message\"");
        assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .contains(" 431 ")
                .contains("\"error\":{\"message\"");
        assertThat(raw("GET /models/x\r\n\r\n"))
                .startsWith("HTTP/1.1 505")
                .contains("\"invalid_request_error\"");
        assertThat(raw("GET  HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 505");
        assertThat(raw("CONNECT x:80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains(" 40")
                .contains("\"error\":{\"message\"");
        assertThat(raw("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains(" 404 ")
                .contains("\"error\":{\"message\"");
        assertThat(
                        raw(
                                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "zz\r\n"))
                .contains(" 400 ")
                .contains("\"error\":{\"message\"");
    }

    @Test
    void aBodyThatDoesNotArriveInTimeIsRefused() throws Exception {
        assertThat(raw("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"))
                .contains(" 408 ");
    }

    @Test
    void saysNothingAboutTheServer() throws Exception {
        assertThat(get("/things/1").headers().firstValue("Server")).isEmpty();
    }

    @Test
    void sendsEachEventAtOnce() throws Exception {
        try (var client = new Socket("127.0.0.1", server.port())) {
            request(client, "GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            var input = client.getInputStream();
            var first = new String(input.readNBytes(1), StandardCharsets.UTF_8);
            long start = System.nanoTime();
            var rest = first + new String(input.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest)
                    .contains("Content-Type: text/event-stream; charset=utf-8")
                    .contains("Cache-Control: no-cache")
                    .contains("data: {\"n\":1}\n\n")
                    .contains("data: {\"n\":2}\n\n");
            // the head came half a second before the second event
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void aFailureInAStreamBecomesAnErrorEvent() throws Exception {
        var answer = get("/broken-events");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("data: {\"n\":1}\n\n")
                .contains("data: {\"error\":{\"message\":\"Not now.\"")
                .endsWith("\n\n")
                .doesNotContain("secret");
    }

    @Test
    void aSilentStreamNoticesThatItsClientHasLeft() throws Exception {
        try (var client = new Socket("127.0.0.1", server.port())) {
            request(client, "GET /silent HTTP/1.1\r\nHost: x\r\n\r\n");
            client.getInputStream().readNBytes(1);
        }
        assertThat(CLIENT_LEFT.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void keepsTheConnectionOfARequestThatIsRefusedBeforeItsBodyCame() throws Exception {
        var head = "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
        try (var client = new Socket("127.0.0.1", server.port())) {
            client.setSoTimeout(10_000);
            request(client, head);
            Thread.sleep(300); // the answer is out
            request(client, "hello" + head.replace("Host", "Connection: close\r\nHost") + "again");

            var answers =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers.split("HTTP/1.1 404", -1)).hasSize(3);
        }
    }

    private static JsonNode idOf(Exchange exchange) {
        return Json.object().put("id", exchange.pathParameter("id"));
    }

    private static void twoEvents(Exchange exchange) throws IOException, InterruptedException {
        var events = exchange.openEventStream();
        events.data("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
        Thread.sleep(500);
        events.data("{\"n\":2}".getBytes(StandardCharsets.UTF_8));
    }

    private static void brokenEvents(Exchange exchange) throws IOException {
        exchange.openEventStream().data("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
        throw new IOException("secret detail");
    }

    private static void silent(Exchange exchange) throws IOException, InterruptedException {
        var events = exchange.openEventStream();
        try {
            while (true) {
                events.heartbeat();
                Thread.sleep(100);
            }
        } catch (ClientGone e) {
            CLIENT_LEFT.countDown();
            throw e;
        }
    }

    private static URI uri(String path) {
        return server.uri().resolve(path.replace("[]", "%5B%5D"));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(uri(path))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        return Json.parse(answer.body());
    }

    private static String raw(String request) throws IOException {
        try (var client = new Socket("127.0.0.1", server.port())) {
            client.setSoTimeout(10_000);
            request(client, request);
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void request(Socket client, String request) throws IOException {
        client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }
}
