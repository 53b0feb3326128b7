// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.streams;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.http.HttpServer;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.http.Router;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A model server whose tokens are the moments they were sent at, and which notes when the one who
 * asked closes the connection. A request says in members of its own what it wants: {@code tokens},
 * {@code pause_ms} between them, and {@code silent} as a {@link Phase} in which nothing comes any
 * more; {@code user} names it.
 */
final class SlowModel implements AutoCloseable {
    static final String NAME = "slow-model";
    private static final long PATIENCE_S = 60;

    /** Where a request gets stuck. */
    enum Phase {
        NEVER,
        BEFORE_HEAD,
        BEFORE_FIRST_TOKEN,
        BETWEEN_TOKENS
    }

    private final HttpServer server;
    private final Map<String, Long> abandoned = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> stuck = new ConcurrentHashMap<>();

    SlowModel() throws IOException {
        server =
                HttpServer.start(
                        new HttpSettings("127.0.0.1", 0),
                        new Router()
                                .get("/v1/models", SlowModel::models)
                                .post("/v1/chat/completions", this::chat));
    }

    URI url() {
        return server.uri();
    }

    /** Waits until a request is in the phase it was to get stuck in. */
    void awaitStuck(String user) throws InterruptedException {
        if (!latch(user).await(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the request did not reach the model");
        }
    }

    /**
     * Waits until the connection of a request was closed from the other side.
     *
     * @return when, by {@link System#nanoTime}
     */
    long awaitAbandoned(String user) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (System.nanoTime() < until) {
            var moment = abandoned.remove(user);
            if (moment != null) {
                return moment;
            }
            Thread.sleep(1);
        }
        throw new IllegalStateException("the model was not let go");
    }

    @Override
    public void close() {
        server.close();
    }

    private static void models(Exchange exchange) throws IOException {
        var list = Json.object().put("object", "list");
        list.putArray("data").addObject().put("id", NAME).put("object", "model");
        exchange.send(200, list);
    }

    private void chat(Exchange exchange) throws IOException, InterruptedException {
        var request = exchange.jsonObject();
        var user = request.path("user").asText();
        var left = new CountDownLatch(1);
        exchange.client()
                .whenGone(() -> {
                    abandoned.put(user, System.nanoTime());
                    left.countDown();
                });
        var phase = Phase.valueOf(request.path("silent").asText("NEVER"));
        if (phase == Phase.BEFORE_HEAD) {
            getStuck(user, left);
        }
        if (!request.path("stream").asBoolean()) {
            exchange.send(200, completion());
            return;
        }
        var events = exchange.openEventStream();
        if (phase == Phase.BEFORE_FIRST_TOKEN) {
            getStuck(user, left);
        }
        int tokens = request.path("tokens").asInt();
        for (int i = 0; i < tokens; i++) {
            if (i > 0) {
                Thread.sleep(request.path("pause_ms").asLong());
            }
            events.data(chunk(request));
            if (phase == Phase.BETWEEN_TOKENS && i == 1) {
                getStuck(user, left);
            }
        }
        events.raw("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private void getStuck(String user, CountDownLatch left) throws InterruptedException {
        latch(user).countDown();
        left.await(PATIENCE_S, TimeUnit.SECONDS);
        stuck.remove(user);
    }

    private CountDownLatch latch(String user) {
        return stuck.computeIfAbsent(user, _ -> new CountDownLatch(1));
    }

    /** As vLLM writes it. */
    private static byte[] chunk(JsonNode request) {
        return ("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\""
                        + request.path("model").asText()
                        + "\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                        + System.nanoTime()
                        + "\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode completion() {
        var answer = Json.object().put("id", "chatcmpl-1").put("object", "chat.completion");
        answer.putArray("choices");
        return answer;
    }
}
