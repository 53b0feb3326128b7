// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kit.config.Secret;
import ai.jan.plugins.keycloak.GuestSettings;
import ai.jan.plugins.keycloak.KeycloakSettings;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A Keycloak that answers as it is told, for what the real one does only when it is broken. */
public final class ScriptedKeycloak implements AutoCloseable {
    /**
     * An answer.
     *
     * @param status 0: there is none, for as long as this lives
     */
    public record Answer(int status, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Function<String, Answer> script;

    /**
     * @param script from method and path with query to the answer
     */
    public ScriptedKeycloak(Function<String, Answer> script) throws IOException {
        this.script = script;
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public void now(Function<String, Answer> another) {
        script = another;
    }

    /** Method and path with query, in order. */
    public List<String> requests() {
        return requests;
    }

    public KeycloakSettings settings() {
        return new KeycloakSettings(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                "jan",
                "backend",
                new Secret("the secret of the client, 32 bytes"),
                Optional.empty(),
                new GuestSettings(Duration.ofDays(7), Optional.empty()));
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(request);
        var answer = script.apply(request);
        try (exchange) {
            if (answer.status() == 0) {
                end.await();
            } else {
                var body = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
