// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server begins, what it does when there is too much, and how it ends. */
@Timeout(30)
class HttpServerLifeIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void finishesWhatItIsAnsweringWhenItStops() throws Exception {
        var started = new CountDownLatch(1);
        var other =
                HttpServer.start(
                        new HttpSettings("127.0.0.1", 0),
                        new Router()
                                .get(
                                        "/slow",
                                        e -> {
                                            started.countDown();
                                            Thread.sleep(500);
                                            e.send(200, Json.object());
                                        }));
        var answer =
                CLIENT.sendAsync(
                        HttpRequest.newBuilder(other.uri().resolve("/slow")).build(),
                        BodyHandlers.ofString());
        started.await();
        other.close();
        assertThat(answer.get().statusCode()).isEqualTo(200);
    }

    @Test
    void waitsForAClientThatReadsSlowlyWhenItStops() throws Exception {
        var text = "a".repeat(20_000_000);
        var other =
                HttpServer.start(
                        new HttpSettings("127.0.0.1", 0),
                        new Router().get("/large", e -> e.send(200, Map.of("text", text))));
        try (var client = new Socket("127.0.0.1", other.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream()
                    .write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            assertThat(client.getInputStream().read()).isEqualTo('H');
            var stopped = Thread.ofVirtual().start(other::close);
            Thread.sleep(1000);
            assertThat(client.getInputStream().readAllBytes().length).isGreaterThan(text.length());
            stopped.join();
        }
    }

    @Test
    void answers503BeyondTheRequestsItMayAnswerAtOnce() throws Exception {
        var release = new CountDownLatch(1);
        var settings =
                new HttpSettings(
                        "127.0.0.1",
                        0,
                        1000,
                        2000,
                        2,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5));
        var router =
                new Router()
                        .get(
                                "/wait",
                                e -> {
                                    release.await(20, TimeUnit.SECONDS);
                                    e.send(200, Json.object());
                                });
        try (var small = HttpServer.start(settings, router)) {
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            var request = HttpRequest.newBuilder(small.uri().resolve("/wait")).build();
            for (int i = 0; i < 3; i++) {
                answers.add(CLIENT.sendAsync(request, BodyHandlers.ofString()));
            }
            var first = CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new)).get();
            assertThat(((HttpResponse<?>) first).statusCode()).isEqualTo(503);
            release.countDown();
            for (var answer : answers) {
                assertThat(answer.get().statusCode()).isIn(200, 503);
            }
        }
    }

    @Test
    void saysWhichAddressIsTaken() throws Exception {
        try (var first = HttpServer.start(new HttpSettings("127.0.0.1", 0), new Router())) {
            var same = new HttpSettings("127.0.0.1", first.port());
            assertThatThrownBy(() -> HttpServer.start(same, new Router()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + first.port());
        }
    }
}
