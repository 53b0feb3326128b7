// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A model server whose answers are known, so that a test can look at what was asked of it. It
 * counts upwards, one word per event; a prompt that says {@code slowly} makes it pause between
 * words, {@code silently} longer, {@code hesitantly} before it begins, {@code overloaded} makes it
 * refuse, and {@code crashing} makes it end after two words. Offered a tool, it calls it.
 */
final class TestingModel implements AutoCloseable {
    static final String NAME = "testing-model";
    static final String ANSWER = "one two three four five";
    static final long PAUSE_MILLIS = 300;
    static final float[] EMBEDDING = {1.0f, -0.5f, 0.25f};
    private static final long SILENCE_MILLIS = 1300;
    private static final long MOST_HESITATION = 30_000;

    private final HttpServer server;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private volatile @Nullable String traceparent;
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();

    TestingModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", this::models);
        server.createContext("/v1/chat/completions", this::chat);
        server.createContext("/v1/completions", this::complete);
        server.createContext("/v1/embeddings", this::embed);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /** What was asked last. */
    JsonNode lastRequest() {
        return requests.getLast();
    }

    /** The trace that the last chat belongs to. */
    @Nullable String lastTraceparent() {
        return traceparent;
    }

    /** How often it was asked for a chat. */
    int asked() {
        return requests.size();
    }

    /** How many chats it is working on. */
    int running() {
        return running.get();
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
        traceparent = exchange.getRequestHeaders().getFirst("traceparent");
        running.incrementAndGet();
        try {
            if (lastMessage(request).contains("overloaded")) {
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
            } else if (request.path("stream").asBoolean()) {
                stream(exchange, request);
            } else if (lastMessage(request).contains("hesitantly")) {
                hesitate(exchange, " ");
            } else {
                send(exchange, Json.bytes(completion(request)));
            }
        } finally {
            running.decrementAndGet();
        }
    }

    /**
     * Answers nothing until the client has left, which it notices by writing what means nothing.
     */
    private static void hesitate(HttpExchange exchange, String nothing) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (var body = exchange.getResponseBody()) {
            for (int i = 0; i < MOST_HESITATION / PAUSE_MILLIS; i++) {
                body.write(nothing.getBytes(UTF_8));
                body.flush();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complete(HttpExchange exchange) throws IOException {
        requests.add(Json.parse(exchange.getRequestBody().readAllBytes()));
        var answer =
                Json.object()
                        .put("id", "cmpl-test")
                        .put("object", "text_completion")
                        .put("created", 1)
                        .put("model", NAME);
        answer.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("text", ANSWER)
                .putNull("logprobs")
                .put("finish_reason", "stop");
        send(exchange, Json.bytes(answer));
    }

    /** As vLLM: base64 of little-endian floats if that is asked for. */
    private void embed(HttpExchange exchange) throws IOException {
        var request = Json.parse(exchange.getRequestBody().readAllBytes());
        requests.add(request);
        var answer = Json.object().put("object", "list").put("model", NAME);
        var one = answer.putArray("data").addObject().put("object", "embedding").put("index", 0);
        if (request.path("encoding_format").asText().equals("base64")) {
            var bytes = ByteBuffer.allocate(EMBEDDING.length * 4).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : EMBEDDING) {
                bytes.putFloat(value);
            }
            one.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
        } else {
            var values = one.putArray("embedding");
            for (float value : EMBEDDING) {
                values.add(value);
            }
        }
        answer.putObject("usage").put("prompt_tokens", 1).put("total_tokens", 1);
        send(exchange, Json.bytes(answer));
    }

    private static void callTool(OutputStream body, String name) throws IOException {
        var first = "{\"role\":\"assistant\",\"content\":\"\"}";
        var call =
                "{\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"index\":0,"
                        + "\"function\":{\"name\":\"%s\",\"arguments\":\"{\\\"city\\\"\"}}]}";
        var rest =
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\": \\\"Oslo\\\"}\"}}]}";
        for (var delta : new String[] {first, call.formatted(name), rest}) {
            body.write(event(Json.parse(delta), null));
        }
        body.write(event(Json.object(), "tool_calls"));
        body.write("data: [DONE]\n\n".getBytes(UTF_8));
    }

    private void stream(HttpExchange exchange, JsonNode request) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        if (lastMessage(request).contains("hesitantly")) {
            hesitate(exchange, ": waiting\n\n");
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (var body = exchange.getResponseBody()) {
            if (request.path("tools").isArray()) {
                callTool(body, request.at("/tools/0/function/name").asText());
                return;
            }
            var words =
                    (lastMessage(request).contains("endlessly")
                                    ? (ANSWER + " ").repeat(40)
                                    : ANSWER)
                            .split("(?= )");
            for (int i = 0; i < words.length; i++) {
                if (i > 0 && lastMessage(request).contains("slowly")) {
                    Thread.sleep(PAUSE_MILLIS);
                }
                if (i == 1 && lastMessage(request).contains("silently")) {
                    Thread.sleep(SILENCE_MILLIS);
                }
                if (i == 2 && lastMessage(request).contains("crashing")) {
                    return;
                }
                body.write(event(i == 0 ? "assistant" : null, words[i], null));
                body.flush();
            }
            body.write(event(null, null, "stop"));
            if (request.at("/stream_options/include_usage").asBoolean()) {
                body.write(usage());
            }
            body.write("data: [DONE]\n\n".getBytes(UTF_8));
        } catch (IOException e) {
            abandoned.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] event(
            @Nullable String role, @Nullable String text, @Nullable String finish) {
        var delta = Json.object();
        if (role != null) {
            delta.put("role", role);
        }
        if (text != null) {
            delta.put("content", text);
        }
        return event(delta, finish);
    }

    private static byte[] event(JsonNode delta, @Nullable String finish) {
        var chunk = chunk();
        chunk.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", finish)
                .set("delta", delta);
        return ("data: " + Json.text(chunk) + "\n\n").getBytes(UTF_8);
    }

    private static byte[] usage() {
        var chunk = chunk();
        chunk.putArray("choices");
        chunk.putObject("usage")
                .put("prompt_tokens", 7)
                .put("completion_tokens", 5)
                .put("total_tokens", 12);
        return ("data: " + Json.text(chunk) + "\n\n").getBytes(UTF_8);
    }

    private static ObjectNode chunk() {
        return Json.object()
                .put("id", "chatcmpl-test")
                .put("object", "chat.completion.chunk")
                .put("created", 1)
                .put("model", NAME);
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
