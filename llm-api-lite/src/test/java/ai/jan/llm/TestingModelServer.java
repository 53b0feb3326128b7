// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A model server over real HTTP that does what a test tells it: each request takes the next script;
 * without one it answers politely.
 */
public final class TestingModelServer implements AutoCloseable {
    /** What to do with one request. */
    @FunctionalInterface
    public interface Script {
        void play(Answering answering) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();
    private final List<InetSocketAddress> connections = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private volatile boolean frozen;

    public TestingModelServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", this::chat);
        server.createContext("/v1/models", this::models);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    public TestingModelServer next(Script script) {
        scripts.add(script);
        return this;
    }

    /** Stops answering anything, the question whether it lives included. */
    public void freeze() {
        frozen = true;
    }

    public void thaw() {
        frozen = false;
    }

    public List<JsonNode> requests() {
        return requests;
    }

    public JsonNode lastRequest() {
        return requests.getLast();
    }

    public Headers lastHeaders() {
        return headers.getLast();
    }

    /** On which connection each request came. */
    public List<InetSocketAddress> connections() {
        return connections;
    }

    /** Whether a connection was closed while an answer was being written. */
    public boolean wasAbandoned() throws InterruptedException {
        return abandoned.await(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** One request being answered. */
    public final class Answering {
        private final HttpExchange exchange;
        private final JsonNode request;

        Answering(HttpExchange exchange, JsonNode request) {
            this.exchange = exchange;
            this.request = request;
        }

        public JsonNode request() {
            return request;
        }

        public void header(String name, String value) {
            exchange.getResponseHeaders().set(name, value);
        }

        public void json(int status, String body) throws IOException {
            header("Content-Type", "application/json");
            var bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }

        /** Begins a stream; {@link #raw} goes on with it. */
        public Answering stream() throws IOException {
            header("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            return this;
        }

        public Answering raw(String text) throws IOException {
            OutputStream body = exchange.getResponseBody();
            body.write(text.getBytes(UTF_8));
            body.flush();
            return this;
        }

        public Answering content(String text) throws IOException {
            return raw("data: " + chunk("{\"content\":" + Json.text(text) + "}", "null") + "\n\n");
        }

        public Answering delta(String delta) throws IOException {
            return raw("data: " + chunk(delta, "null") + "\n\n");
        }

        public Answering done() throws IOException {
            return raw("data: " + chunk("{}", "\"stop\"") + "\n\ndata: [DONE]\n\n");
        }

        /** Breaks the connection in the middle. */
        public void cut() {
            exchange.close();
        }
    }

    /** A chunk as vLLM writes it. */
    public static String chunk(String delta, String finishReason) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                + "\"model\":\"upstream\",\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + ",\"logprobs\":null,\"finish_reason\":"
                + finishReason
                + "}]}";
    }

    /** A whole answer as vLLM writes it. */
    public static String completion(String message) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
                + "\"model\":\"upstream\",\"choices\":[{\"index\":0,\"message\":"
                + message
                + ",\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,"
                + "\"completion_tokens\":2,\"total_tokens\":3}}";
    }

    private void chat(HttpExchange exchange) throws IOException {
        var request = Json.parse(exchange.getRequestBody().readAllBytes());
        requests.add(request);
        headers.add(exchange.getRequestHeaders());
        connections.add(exchange.getRemoteAddress());
        var script = scripts.poll();
        try (exchange) {
            awaitThaw();
            (script == null ? (Script) TestingModelServer::politely : script)
                    .play(new Answering(exchange, request));
        } catch (IOException e) {
            abandoned.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void politely(Answering answering) throws IOException {
        if (answering.request().path("stream").asBoolean()) {
            answering.stream().delta("{\"role\":\"assistant\",\"content\":\"\"}");
            answering.content("Good").content(" day").done();
        } else {
            answering.json(200, completion("{\"role\":\"assistant\",\"content\":\"Good day\"}"));
        }
    }

    private void models(HttpExchange exchange) throws IOException {
        try (exchange) {
            awaitThaw();
            exchange.sendResponseHeaders(200, 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitThaw() throws InterruptedException {
        while (frozen) {
            Thread.sleep(20);
        }
    }
}
