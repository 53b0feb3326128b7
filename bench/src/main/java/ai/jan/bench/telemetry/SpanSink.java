// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.telemetry;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** Takes spans as a collector does over OTLP/HTTP, and forgets them. */
final class SpanSink implements AutoCloseable {
    private final HttpServer server;
    private final LongAdder bytes = new LongAdder();

    SpanSink() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        bytes.add(exchange.getRequestBody().readAllBytes().length);
                        exchange.sendResponseHeaders(200, -1);
                    }
                });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How much has come. */
    long bytes() {
        return bytes.sum();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
