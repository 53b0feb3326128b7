// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and answers pass through as they are, without waiting for more of them. */
class ProxyIT {
    private static TestingUpstream upstream;
    private static TestingGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        upstream = TestingUpstream.start();
        gateway =
                TestingGateway.start(
                        folder,
                        """
                        _format_version: "3.0"
                        services:
                          - name: up
                            url: http://127.0.0.1:%d
                            routes:
                              - {name: up, paths: ["/up"]}
                              - {name: piped, paths: ["/piped"], request_buffering: false}
                        """
                                .formatted(upstream.port()),
                        "");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @Test
    void keepsOrderCaseAndRepetitionOfHeaders() throws Exception {
        try (var client = gateway.client()) {
            client.get("/up", "x-LOWER: 1", "X-Two: a", "X-One: b", "X-Two: c");
            assertThat(upstream.next().headers().stream().map(h -> h.name() + "=" + h.value()))
                    .containsSubsequence("x-LOWER=1", "X-Two=a", "X-One=b", "X-Two=c");
        }
    }

    @Test
    void passesEventsOnAtOnce() throws Exception {
        try (var client = gateway.client()) {
            client.send(
                    "GET /up HTTP/1.1\r\nHost: x\r\nX-Up:"
                            + " {\"chunks\":[[\"data: 1\\n\\n\",0],[\"data: 2\\n\\n\",2000]]}\r\n\r\n");
            long start = System.nanoTime();
            client.in().line();
            client.in().headers();
            assertThat(client.in().chunk()).isEqualTo("data: 1\n\n".getBytes(UTF_8));
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(1500));
            assertThat(client.in().chunk()).isEqualTo("data: 2\n\n".getBytes(UTF_8));
        }
        upstream.take();
    }

    /** Jetty sends the line's end that closes a chunk with the chunk after it. */
    @Test
    void passesAnEventOnBeforeTheNextOneHasClosedIt() throws Exception {
        try (var client = gateway.client()) {
            client.send(
                    "GET /up HTTP/1.1\r\nHost: x\r\nX-Up: {\"late_line_end\":true,"
                            + "\"chunks\":[[\"data: 1\\n\\n\",0],[\"data: 2\\n\\n\",2000]]}\r\n\r\n");
            client.in().line();
            client.in().headers();
            long start = System.nanoTime();
            assertThat(client.in().chunk()).isEqualTo("data: 1\n\n".getBytes(UTF_8));
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(1500));
            assertThat(client.in().chunk()).isEqualTo("data: 2\n\n".getBytes(UTF_8));
            assertThat(client.in().chunk()).isEmpty();
        }
        upstream.take();
    }

    @Test
    void tellsTheServiceThatTheClientLeft() throws Exception {
        try (var client = gateway.client()) {
            client.send("GET /up HTTP/1.1\r\nHost: x\r\nX-Up: {\"delay_ms\":8000}\r\n\r\n");
            var seen = upstream.next();
            client.socket().close();
            var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (seen.goneMillis().get() < 0 && System.nanoTime() < deadline) {
                Thread.sleep(5);
            }
            assertThat(seen.goneMillis().get()).isBetween(0L, 1000L);
        }
    }

    @Test
    void streamsARequestBodyWhereTheRouteSaysSo() throws Exception {
        try (var client = gateway.client()) {
            client.send("POST /piped HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("3\r\nabc\r\n");
            Thread.sleep(50);
            client.send("0\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            var seen = upstream.next();
            assertThat(seen.framing()).isEqualTo("chunked");
            assertThat(seen.body()).isEqualTo("abc".getBytes(UTF_8));
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (var client = gateway.client()) {
            client.send(
                    "GET /up/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /up/2 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.response().text()).contains("\"target\": \"/1\"");
            assertThat(client.response().text()).contains("\"target\": \"/2\"");
        }
        upstream.take();
    }

    @Test
    void refusesAmbiguousFraming() throws Exception {
        try (var client = gateway.client()) {
            client.send(
                    "POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding:"
                            + " chunked\r\n\r\n0\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(400);
            assertThat(upstream.take()).isEmpty();
        }
    }

    @Test
    void refusesALineEndThatIsNone() throws Exception {
        try (var client = gateway.client()) {
            assertThat(client.get("/up", "X-Split: a\rX-Smuggled: b").status()).isEqualTo(400);
            assertThat(upstream.take()).isEmpty();
        }
    }

    @Test
    void usesANewConnectionWhenTheServiceClosedTheIdleOne() throws Exception {
        try (var client = gateway.client()) {
            client.get("/up");
            upstream.dropIdle();
            Thread.sleep(50);
            client.send("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
            assertThat(client.response().status()).isEqualTo(200);
        }
        upstream.take();
    }

    @Test
    void finishesWhatIsUnderWayWhenItStops(@TempDir Path folder) throws Exception {
        var other =
                TestingGateway.start(
                        folder,
                        """
                        _format_version: "3.0"
                        services:
                          - {name: up, url: "http://127.0.0.1:%d", routes: [{name: up, paths: ["/"]}]}
                        """
                                .formatted(upstream.port()),
                        "");
        try (var client = other.client()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Up: {\"delay_ms\":500}\r\n\r\n");
            upstream.next();
            var stopping = other.stopping();
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(client.in().read()).isEqualTo(-1);
            stopping.join(5000);
            assertThat(stopping.isAlive()).isFalse();
        }
    }
}
