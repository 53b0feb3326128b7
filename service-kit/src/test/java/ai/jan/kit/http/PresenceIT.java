// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that sees its client leave while it is thinking. */
@Timeout(60)
class PresenceIT {
    private static final int PATIENCE = 20;

    private final LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch thinking = new CountDownLatch(1);
    private final AtomicInteger answered = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        var router =
                new Router()
                        .post("/think", this::think)
                        .post("/brief", this::brief)
                        .get("/stream", this::stream);
        server = HttpServer.start(new HttpSettings("127.0.0.1", 0), router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void seesThatItsClientLeftWithoutWritingToIt() throws Exception {
        try (var client = new Socket("127.0.0.1", server.port())) {
            post(client, "/think");
            thinking.await();
        }
        assertThat(seen.poll(PATIENCE, TimeUnit.SECONDS)).isEqualTo("gone");
    }

    @Test
    void seesThatItsClientLeftInTheMiddleOfAStream() throws Exception {
        try (var client = new Socket("127.0.0.1", server.port())) {
            send(client, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
            client.getInputStream().readNBytes(1);
        }
        assertThat(seen.poll(PATIENCE, TimeUnit.SECONDS)).isEqualTo("gone");
    }

    @Test
    void seesThatAConnectionWasReset() throws Exception {
        try (var client = new Socket("127.0.0.1", server.port())) {
            post(client, "/think");
            thinking.await();
            client.setSoLinger(true, 0);
        }
        assertThat(seen.poll(PATIENCE, TimeUnit.SECONDS)).isEqualTo("gone");
    }

    @Test
    void takesNobodyForGoneWhoSendsTheNextRequestEarly() throws Exception {
        try (var client = new Socket("127.0.0.1", server.port())) {
            client.setSoTimeout(PATIENCE * 1000);
            int requests = 300;
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            for (int i = 0; i < requests; i++) {
                                post(client, "/brief");
                            }
                        } catch (IOException e) {
                            seen.add("broken");
                        }
                    });
            var read = new StringBuilder();
            var buffer = new byte[8192];
            while (count(read, "HTTP/1.1 200") < requests) {
                int bytes = client.getInputStream().read(buffer);
                assertThat(bytes).as(read.toString()).isPositive();
                read.append(new String(buffer, 0, bytes, StandardCharsets.UTF_8));
            }
        }
        assertThat(answered).hasValue(300);
    }

    @Test
    void doesAtOnceWhatIsToBeDoneForAClientThatHasLeft() throws Exception {
        var presence = new Presence();
        presence.leave();
        presence.whenGone(() -> seen.add("late"));
        assertThat(seen.poll(PATIENCE, TimeUnit.SECONDS)).isEqualTo("late");
        assertThat(presence.isGone()).isTrue();
    }

    private void think(Exchange exchange) throws IOException, InterruptedException {
        exchange.body();
        var left = new CountDownLatch(1);
        exchange.client().whenGone(left::countDown);
        thinking.countDown();
        if (left.await(PATIENCE, TimeUnit.SECONDS)) {
            seen.add("gone");
        }
        exchange.client().check();
    }

    private void stream(Exchange exchange) throws IOException, InterruptedException {
        var left = new CountDownLatch(1);
        exchange.client().whenGone(left::countDown);
        exchange.openEventStream();
        if (left.await(PATIENCE, TimeUnit.SECONDS)) {
            seen.add("gone");
        }
    }

    private void brief(Exchange exchange) throws IOException {
        exchange.body();
        var client = exchange.client();
        Thread.yield();
        client.check(); // would close the connection
        answered.incrementAndGet();
        exchange.send(200, Json.object());
    }

    private static int count(StringBuilder text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            count++;
        }
        return count;
    }

    private static void post(Socket client, String path) throws IOException {
        send(client, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
    }

    private static void send(Socket client, String request) throws IOException {
        client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }
}
