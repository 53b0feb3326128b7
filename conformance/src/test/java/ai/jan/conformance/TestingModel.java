// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A model server whose answers are known, so that a test can look at what was asked of it. It
 * counts upwards, one word per event; a prompt that says {@code slowly} makes it pause between
 * words, {@code overloaded} makes it refuse, and {@code crashing} makes it end after two words.
 */
final class TestingModel implements AutoCloseable {
    static final String NAME = "testing-model";
    static final String ANSWER = "one two three four five";
    static final long PAUSE_MILLIS = 300;

    private final HttpServer server;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch abandoned = new CountDownLatch(1);

    TestingModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", this::models);
        server.createContext("/v1/chat/completions", this::chat);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /** What was asked last. */
    JsonNode lastRequest() {
        return requests.getLast();
    }

    /** How often it was asked for a chat. */
    int asked() {
        return requests.size();
    }

    /** Opens when a client has left in the middle of an answer. */
    CountDownLatch abandoned() {
        return abandoned;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void models(HttpExchange exchange) throws IOException {
        var model =
                Json.object()
                        .put("id", NAME)
                        .put("object", "model")
                        .put("created", 1)
                        .put("owned_by", "test");
        var list = Json.object().put("object", "list");
        list.putArray("data").add(model);
        send(exchange, Json.bytes(list));
    }

    private void chat(HttpExchange exchange) throws IOException {
        var request = Json.parse(exchange.getRequestBody().readAllBytes());
        requests.add(request);
        if (lastMessage(request).contains("overloaded")) {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        } else if (request.path("stream").asBoolean()) {
            stream(exchange, request);
        } else {
            send(exchange, Json.bytes(completion(request)));
        }
    }

    private void stream(HttpExchange exchange, JsonNode request) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        try (var body = exchange.getResponseBody()) {
            var words =
                    (lastMessage(request).contains("endlessly")
                                    ? (ANSWER + " ").repeat(40)
                                    : ANSWER)
                            .split("(?= )");
            for (int i = 0; i < words.length; i++) {
                if (i > 0 && lastMessage(request).contains("slowly")) {
                    Thread.sleep(PAUSE_MILLIS);
                }
                if (i == 2 && lastMessage(request).contains("crashing")) {
                    return;
                }
                body.write(event(i == 0 ? "assistant" : null, words[i], null));
                body.flush();
            }
            body.write(event(null, null, "stop"));
            body.write("data: [DONE]\n\n".getBytes(UTF_8));
        } catch (IOException e) {
            abandoned.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] event(
            @org.jspecify.annotations.Nullable String role,
            @org.jspecify.annotations.Nullable String text,
            @org.jspecify.annotations.Nullable String finish) {
        var chunk =
                Json.object()
                        .put("id", "chatcmpl-test")
                        .put("object", "chat.completion.chunk")
                        .put("created", 1)
                        .put("model", NAME);
        var choice =
                chunk.putArray("choices").addObject().put("index", 0).put("finish_reason", finish);
        var delta = choice.putObject("delta");
        if (role != null) {
            delta.put("role", role);
        }
        if (text != null) {
            delta.put("content", text);
        }
        return ("data: " + Json.text(chunk) + "\n\n").getBytes(UTF_8);
    }

    private static JsonNode completion(JsonNode request) {
        var answer =
                Json.object()
                        .put("id", "chatcmpl-test")
                        .put("object", "chat.completion")
                        .put("created", 1)
                        .put("model", NAME);
        answer.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", "stop")
                .putObject("message")
                .put("role", "assistant")
                .put("content", ANSWER);
        int prompt = request.path("messages").size();
        answer.putObject("usage")
                .put("prompt_tokens", prompt)
                .put("completion_tokens", 5)
                .put("total_tokens", prompt + 5);
        return answer;
    }

    private static String lastMessage(JsonNode request) {
        var messages = request.path("messages");
        return messages.path(messages.size() - 1).path("content").toString();
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
