// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.plugins.Http;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFetchKeysIT {
    private final TestingProvider provider = new TestingProvider();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void fetchesSignatureKeysAndLeavesTheOthers() throws Exception {
        serve(
                """
                {"keys":[%s,%s,
                  {"kty":"oct","kid":"shared","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"},
                  {"kty":"RSA","use":"enc","kid":"enc-1","n":"%s","e":"AQAB"},
                  {"kty":"RSA","use":"sig","kid":"short","n":"AQAB","e":"AQAB"}]}
                """
                        .formatted(
                                provider.rsa.toPublicJWK(),
                                provider.ec.toPublicJWK(),
                                provider.rsa.getModulus()));
        assertThat(fetch().getKeys().stream().map(JWK::getKeyID)).containsExactly("rsa-1", "ec-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "null",
                "[]",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":[7]}",
                "{\"keys\":[{\"kty\":\"RSA\"}]}",
                "<html>sign in</html>"
            })
    void refusesWhatIsNotAKeySet(String body) {
        serve(body);
        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAnEndlessAnswer() {
        serve("{\"keys\":[" + " ".repeat(300_000) + "]}");
        assertThatThrownBy(this::fetch)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than");
    }

    @Test
    void refusesAnErrorStatus() {
        server.createContext("/keys", exchange -> answer(exchange, 503, "{}"));
        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("503");
    }

    @Test
    void followsNoRedirect() {
        serve("{\"keys\":[%s]}".formatted(provider.rsa.toPublicJWK()));
        server.createContext(
                "/moved",
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/keys");
                    answer(exchange, 302, "");
                });
        assertThatThrownBy(() -> fetch(server.getAddress().getPort(), "moved"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("302");
    }

    @Test
    void givesUpOnAServerThatDoesNotAnswer() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var start = System.nanoTime();
            assertThatThrownBy(() -> fetch(silent.getLocalPort(), "keys"))
                    .isInstanceOf(IOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void givesUpOnAServerThatAnswersByteByByte() {
        server.createContext(
                "/keys",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try (var body = exchange.getResponseBody()) {
                        while (true) {
                            body.write(' ');
                            body.flush();
                            Thread.sleep(50);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        var start = System.nanoTime();
        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    private JWKSet fetch() throws IOException {
        return fetch(server.getAddress().getPort(), "keys");
    }

    private static JWKSet fetch(int port, String path) throws IOException {
        var address = HttpUrl.get("http://127.0.0.1:" + port + "/" + path);
        return new HttpFetchKeys(Http.client(), address).fetch();
    }

    private void serve(String body) {
        server.createContext("/keys", exchange -> answer(exchange, 200, body));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
