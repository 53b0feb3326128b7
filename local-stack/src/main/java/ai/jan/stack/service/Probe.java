// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.stack.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Short looks at a process from outside. Thread-safe. */
final class Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Duration patience;
    private final HttpClient http;

    Probe() {
        this(PATIENCE);
    }

    Probe(Duration patience) {
        this.patience = patience;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(patience)
                        .build();
    }

    /** Whether a GET is answered with 200. */
    boolean answers(URI url) throws InterruptedException {
        return get(url).isPresent();
    }

    /** The body of a GET that is answered with 200. */
    Optional<byte[]> get(URI url, String... headers) throws InterruptedException {
        var request = HttpRequest.newBuilder(url).timeout(patience);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not there yet, or not any more
        }
    }

    /** Whether somebody accepts on a TCP port of this machine. */
    static boolean accepts(int port) {
        try (var channel = SocketChannel.open()) {
            channel.socket()
                    .connect(
                            new InetSocketAddress(Ports.loopback(), port),
                            (int) PATIENCE.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether somebody accepts on a unix socket. */
    static boolean accepts(Path socket) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
