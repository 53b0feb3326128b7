// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every answer that the gateway gives by itself has OpenAI's shape, as kong.conf asks. */
class ErrorShapeIT {
    private static TestingUpstream upstream;
    private static TestingGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        upstream = TestingUpstream.start();
        gateway =
                TestingGateway.start(
                        folder,
                        """
                        _format_version: "3.0"
                        services:
                          - name: up
                            url: http://127.0.0.1:%d
                            read_timeout: 300
                            retries: 0
                            routes: [{name: up, paths: ["/up"]}]
                          - name: refused
                            url: http://127.0.0.1:1
                            retries: 0
                            routes: [{name: refused, paths: ["/refused"]}]
                          - name: unknown
                            url: http://no-such-host.invalid
                            routes: [{name: unknown, paths: ["/unknown"]}]
                        """
                                .formatted(upstream.port()),
                        """
                        error_template_json = ../kong/error.json
                        error_default_type = application/json
                        nginx_http_client_max_body_size = 1k
                        """);
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    private static void assertShape(RawClient.Response response, int status, String message)
            throws IOException {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        var body = Json.parse(response.body());
        assertThat(body.at("/error/message").asText()).isEqualTo(message);
        assertThat(body.path("error").properties().stream().map(java.util.Map.Entry::getKey))
                .containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(body.path("request_id").asText())
                .isEqualTo(response.header("X-Kong-Request-Id"));
    }

    private static RawClient.Response get(String path, String... headers) throws IOException {
        try (var client = gateway.client()) {
            return client.get(path, headers);
        }
    }

    @Test
    void unknownRoute() throws Exception {
        assertShape(get("/none"), 404, "no Route matched with those values");
    }

    @Test
    void bodyTooLarge() throws Exception {
        try (var client = gateway.client()) {
            client.send("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n");
            assertShape(client.response(), 413, "Payload too large");
        }
    }

    @Test
    void announcedChunkTooLarge() throws Exception {
        try (var client = gateway.client()) {
            client.send(
                    "POST /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "7d0\r\nx");
            assertShape(client.response(), 413, "Payload too large");
        }
    }

    @Test
    void headersTooLarge() throws Exception {
        assertShape(
                get("/up", "X-Big: " + "a".repeat(9000)),
                400,
                "Request header or cookie too large");
    }

    @Test
    void malformedRequest() throws Exception {
        try (var client = gateway.client()) {
            assertShape(client.send("GARBAGE\r\n\r\n").response(), 400, "Bad request");
        }
    }

    @Test
    void refusedConnection() throws Exception {
        assertShape(
                get("/refused"), 502, "An invalid response was received from the upstream server");
    }

    @Test
    void unknownHost() throws Exception {
        assertShape(get("/unknown"), 503, "name resolution failed");
    }

    @Test
    void silentService() throws Exception {
        assertShape(
                get("/up", "X-Up: {\"delay_ms\":3000}"), 504, "The upstream server is timing out");
    }
}
