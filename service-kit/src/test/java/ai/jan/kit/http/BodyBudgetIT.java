// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More bodies than fit into memory. */
@Timeout(60)
class BodyBudgetIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void refusesForAMomentWhatDoesNotFitIntoMemoryWithTheOthers() throws Exception {
        var waiting = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var router =
                new Router()
                        .post(
                                "/wait",
                                exchange -> {
                                    exchange.body();
                                    waiting.countDown();
                                    release.await();
                                    exchange.send(200, Json.object());
                                })
                        .post(
                                "/answer",
                                exchange -> {
                                    exchange.hold(exchange.body().length * 2L);
                                    exchange.send(200, Json.object());
                                });
        var settings =
                new HttpSettings(
                        "127.0.0.1",
                        0,
                        1000,
                        1500,
                        10,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10));
        try (var server = HttpServer.start(settings, router)) {
            var first = CLIENT.sendAsync(post(server, "/wait", 1000), BodyHandlers.ofString());
            waiting.await();

            var refused = send(server, "/wait", 600);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.body()).contains("\"server_error\"");
            assertThat(send(server, "/answer", 200).statusCode()).isEqualTo(503);
            assertThat(send(server, "/answer", 100).statusCode()).isEqualTo(200);

            release.countDown();
            assertThat(first.get().statusCode()).isEqualTo(200);
            assertThat(send(server, "/wait", 1000).statusCode()).isEqualTo(200);
            assertThat(send(server, "/answer", 500).statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> send(HttpServer server, String path, int size)
            throws Exception {
        return CLIENT.send(post(server, path, size), BodyHandlers.ofString());
    }

    private static HttpRequest post(HttpServer server, String path, int size) {
        return HttpRequest.newBuilder(server.uri().resolve(path))
                .POST(BodyPublishers.ofString("x".repeat(size)))
                .build();
    }
}
