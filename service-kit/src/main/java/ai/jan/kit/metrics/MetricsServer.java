// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves {@code GET /metrics}, and nothing else. The JDK's own server, so that a process without an
 * HTTP server gets none for this. Not for the public: it has neither authentication nor TLS.
 */
public final class MetricsServer implements AutoCloseable {
    private static final int READERS = 2;
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService readers;

    private MetricsServer(HttpServer server, ExecutorService readers) {
        this.server = server;
        this.readers = readers;
    }

    /**
     * Starts to serve.
     *
     * @throws IOException if the port is not to be had
     */
    public static MetricsServer start(MetricsSettings settings, Metrics metrics)
            throws IOException {
        HttpServer server;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
        } catch (IOException e) {
            throw new IOException(
                    "metrics cannot be served on " + settings.host() + ":" + settings.port(), e);
        }
        var readers =
                Executors.newFixedThreadPool(
                        READERS, Thread.ofPlatform().daemon().name("metrics-", 1).factory());
        server.setExecutor(readers);
        server.createContext("/", exchange -> answer(exchange, metrics));
        server.start();
        return new MetricsServer(server, readers);
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, Metrics metrics) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else {
                var body = metrics.text().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", Metrics.CONTENT_TYPE);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        readers.shutdownNow();
    }
}
