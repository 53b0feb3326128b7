// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** A web site with friendly and hostile pages. */
final class TestingSite implements AutoCloseable {
    static final String ARTICLE =
            """
            <html lang="en"><head><title>A title</title><meta name="description" content="What it is">
            <style>p {}</style><script>alert('x')</script></head>
            <body><nav>Menu</nav><main><h1>Heading</h1><p>First <b>bold</b> words,
            <a href="/next">a link</a> &amp; more.</p><ul><li>one</li><li>two</li></ul>
            <pre>keep   this</pre><p>%s</p></main><footer>Imprint</footer></body></html>
            """
                    .formatted("Enough words to count as the content of a page. ".repeat(6));

    private static final byte[] BOMB = packedZeros();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> visits = new CopyOnWriteArrayList<>();
    final CountDownLatch endlessEnded = new CountDownLatch(1);
    volatile String robots = "";
    volatile int robotsStatus = 404;

    TestingSite() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** An address of this site under any name. */
    String url(String host, String path) {
        return "http://" + host + ":" + port() + path;
    }

    /** The paths that were asked for. */
    List<String> visits() {
        return List.copyOf(visits);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        visits.add(path);
        try (exchange) {
            switch (path) {
                case "/robots.txt" -> send(exchange, robotsStatus, "text/plain", robots);
                case "/article" -> send(exchange, 200, "text/html; charset=utf-8", ARTICLE);
                case "/plain" -> send(exchange, 200, "text/plain", "just text");
                case "/image" -> send(exchange, 200, "image/png", "PNG");
                case "/missing" -> send(exchange, 404, "text/html", "<p>nothing here</p>");
                case "/loop" -> redirect(exchange, "/loop");
                case "/slow-loop" -> slowLoop(exchange);
                case "/hop" -> redirect(exchange, "/article");
                case "/to-metadata" -> redirect(exchange, "http://169.254.169.254/latest/");
                case "/to-file" -> redirect(exchange, "file:///etc/passwd");
                case "/to-port" -> redirect(exchange, "http://site.test:22/");
                case "/to-rebinding" -> redirect(exchange, "http://rebinding.test:" + port() + "/");
                case "/endless" -> endless(exchange);
                case "/bomb" -> bomb(exchange);
                case "/slow" -> slow(exchange);
                default -> send(exchange, 200, "text/html", "<p>secret of the inside</p>");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void slowLoop(HttpExchange exchange) throws IOException {
        try {
            Thread.sleep(800);
            redirect(exchange, "/slow-loop");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endless(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0);
        var part = "again and again ".repeat(512).getBytes(StandardCharsets.UTF_8);
        try {
            for (OutputStream body = exchange.getResponseBody(); ; ) {
                body.write(part);
            }
        } finally {
            endlessEnded.countDown();
        }
    }

    private static void bomb(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, BOMB.length);
        exchange.getResponseBody().write(BOMB);
    }

    /** 64 MiB of zeros in 64 KiB. */
    private static byte[] packedZeros() {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            var zeros = new byte[1024 * 1024];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** A byte now and then, for ever. */
    private static void slow(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0);
        try {
            while (true) {
                exchange.getResponseBody().write('.');
                exchange.getResponseBody().flush();
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
