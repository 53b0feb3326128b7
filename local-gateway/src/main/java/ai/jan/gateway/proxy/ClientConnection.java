// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.kong.testkit.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

/** One client's connection: its requests, one after the other, until one side ends it. */
final class ClientConnection {
    /** Serves requests. */
    interface Handler {
        /** Bounds of request bodies. */
        RequestBody.Limits limits();

        /** Answers what is no request, or one that cannot be read. */
        void malformed(
                Exchange.Client client,
                RequestHead head,
                HttpFailure failure,
                ResponseWriter writer)
                throws IOException;

        /** Serves one request. */
        void handle(
                Exchange.Client client,
                RequestHead head,
                RequestBody body,
                ClientInput input,
                ResponseWriter writer)
                throws IOException, InterruptedException;
    }

    /** What becomes of the connection after a request. */
    private enum Then {
        NEXT,
        CLOSE,
        /** The client may still be sending: a close now would take the answer from it. */
        LINGER
    }

    private static final int SEND_TIMEOUT = 60_000;
    private static final int LINGER_TIMEOUT = 5_000;
    private static final long MOST_DISCARDED = 64L << 20;

    private final Socket socket;
    private final Socket transport;
    private final boolean tls;
    private final Supplier<? extends Handler> handlers;
    private final ScheduledExecutorService timer;
    private final BooleanSupplier draining;
    private volatile boolean idle = true;

    /**
     * @param socket to read and write
     * @param transport what it runs over, if that is TLS; the same socket if not
     */
    ClientConnection(
            Socket socket,
            Socket transport,
            Supplier<? extends Handler> handlers,
            ScheduledExecutorService timer,
            BooleanSupplier draining) {
        this.socket = socket;
        this.transport = transport;
        this.tls = socket instanceof SSLSocket;
        this.handlers = handlers;
        this.timer = timer;
        this.draining = draining;
    }

    void run() throws InterruptedException {
        try (var input = new ClientInput(socket.getInputStream(), deadline());
                var output =
                        new GuardedOutput(socket.getOutputStream(), deadline(), SEND_TIMEOUT)) {
            var reader = new RequestReader(input);
            var remote = (InetSocketAddress) socket.getRemoteSocketAddress();
            var client =
                    new Exchange.Client(
                            remote.getAddress().getHostAddress(),
                            remote.getPort(),
                            socket.getLocalPort(),
                            tls);
            var then = Then.NEXT;
            while (then == Then.NEXT) {
                then = next(client, reader, input, output);
            }
            if (then == Then.LINGER) {
                linger(input);
            }
        } catch (IOException e) {
            // the client left, or nobody is left to tell
        } finally {
            Sockets.close(socket);
        }
    }

    /** Closes what is below TLS, which would wait for a peer that does not read. */
    private Deadline deadline() {
        return new Deadline(timer, () -> Sockets.close(transport));
    }

    /** Serves the next request. */
    private Then next(
            Exchange.Client client, RequestReader reader, ClientInput input, GuardedOutput output)
            throws IOException, InterruptedException {
        Optional<RequestHead> read;
        try {
            idle = true;
            read = reader.read();
            idle = false;
        } catch (HttpFailure e) {
            var none = new RequestHead("", "/", "", 11, "", new Headers());
            handlers.get()
                    .malformed(client, none, e, new ResponseWriter(output, 11, false, () -> false));
            return Then.LINGER;
        }
        if (read.isEmpty()) {
            return Then.CLOSE;
        }
        var head = read.get();
        var handler = handlers.get(); // of the configuration that is loaded now
        BooleanSupplier keep = () -> head.keepAlive() && !draining.getAsBoolean();
        var writer = new ResponseWriter(output, head.version(), head.method().equals("HEAD"), keep);
        try (var body = RequestBody.of(head, input, output, handler.limits())) {
            handler.handle(client, head, body, input, writer);
            if (!writer.keepAlive()) {
                return body.consumed() ? Then.CLOSE : Then.LINGER;
            }
            return body.discard(MOST_DISCARDED) ? Then.NEXT : Then.LINGER;
        } catch (HttpFailure e) {
            writer.closeAfterwards();
            handler.malformed(client, head, e, writer);
            return Then.LINGER;
        }
    }

    /** Lets the client read the last response: a close with unread bytes would reset it. */
    private void linger(ClientInput input) throws IOException {
        if (tls) {
            return;
        }
        idle = true;
        socket.shutdownOutput();
        var waste = new byte[16 * 1024];
        long deadline = System.nanoTime() + LINGER_TIMEOUT * 1_000_000L;
        int count = 0;
        while (count >= 0 && System.nanoTime() < deadline) {
            count = input.read(waste, 0, waste.length, LINGER_TIMEOUT);
        }
    }

    /** Ends the connection if it waits for a request. */
    void closeIfIdle() {
        if (idle) {
            Sockets.close(socket);
        }
    }

    void close() {
        Sockets.close(socket);
    }
}
