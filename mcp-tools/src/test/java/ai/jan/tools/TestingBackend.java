// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A server that answers every request in JSON, as a test tells it, and remembers what it was asked.
 */
public final class TestingBackend implements AutoCloseable {
    /** What it was asked. */
    public record Asked(URI uri, String method, @Nullable String key, JsonNode body) {}

    /** What it answers. */
    @FunctionalInterface
    public interface Answers {
        JsonNode to(Asked asked) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Answers answers;
    public volatile int status = 200;

    public TestingBackend(Answers answers) throws IOException {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var question =
                    new Asked(
                            exchange.getRequestURI(),
                            exchange.getRequestMethod(),
                            exchange.getRequestHeaders().getFirst("X-API-KEY"),
                            body.length == 0 ? Json.object() : Json.parse(body));
            asked.add(question);
            var answer = Json.bytes(answers.to(question));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
