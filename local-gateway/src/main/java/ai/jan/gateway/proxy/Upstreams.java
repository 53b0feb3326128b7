// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to services with nginx's rules for trying again: a request that the service cannot
 * have seen always, another one only if its method may be repeated and nothing was answered.
 */
final class Upstreams {
    /** Writes a request body; may be called again for another try unless it is a stream. */
    interface BodyWriter {
        void writeTo(OutputStream out) throws IOException, HttpFailure;
    }

    /**
     * The body of a request.
     *
     * @param repeatable whether it can be written more than once
     */
    record Body(BodyWriter writer, boolean repeatable) {
        static final Body NONE = new Body(_ -> {}, true);
    }

    private final UpstreamPool pool;

    Upstreams(UpstreamPool pool) {
        this.pool = pool;
    }

    /**
     * Sends a request and waits for the answer's head. When the client leaves, the connection to
     * the service is closed at once, also later while the answer is read.
     */
    UpstreamAnswer send(
            UpstreamRequest request, Peer first, Peer.Choice choice, Body body, ClientInput client)
            throws HttpFailure, IOException {
        var attempt = new Attempt(request, body, client);
        int tries = request.service().retries() + 1;
        var peer = first;
        while (true) {
            try {
                var answer = attempt.run(peer);
                choice.answered(peer, answer.head().status());
                return answer;
            } catch (ClientGone e) {
                throw e;
            } catch (IOException e) {
                if (attempt.clientGone.get()) {
                    throw new ClientGone(e);
                }
                if (!attempt.onReusedConnection) {
                    tries--;
                    choice.failed(peer, e instanceof SocketTimeoutException);
                }
                var next =
                        tries <= 0 || !attempt.mayRepeat() ? Optional.<Peer>empty() : choice.next();
                if (next.isEmpty()) {
                    client.unwatch();
                    throw failure(e);
                }
                peer = next.get();
            }
        }
    }

    private static HttpFailure failure(IOException e) {
        return e instanceof SocketTimeoutException
                ? new HttpFailure(504, "The upstream server is timing out")
                : new HttpFailure(502, "An invalid response was received from the upstream server");
    }

    private final class Attempt {
        private final UpstreamRequest request;
        private final Body body;
        private final ClientInput client;
        private final AtomicBoolean clientGone = new AtomicBoolean();
        private final AtomicReference<@Nullable UpstreamConnection> current =
                new AtomicReference<>();
        private boolean sent;
        private boolean onReusedConnection;
        private boolean watched;

        Attempt(UpstreamRequest request, Body body, ClientInput client) {
            this.request = request;
            this.body = body;
            this.client = client;
            if (body.repeatable()) {
                watch();
            }
        }

        private void watch() {
            if (!watched) {
                watched = true;
                client.watch(this::clientLeft);
            }
        }

        private void clientLeft() {
            clientGone.set(true);
            var connection = current.get();
            if (connection != null) {
                connection.abort();
            }
        }

        boolean mayRepeat() {
            return !sent || (request.repeatable() && body.repeatable());
        }

        UpstreamAnswer run(Peer peer) throws IOException, HttpFailure {
            onReusedConnection = false;
            var named = request.to(peer);
            var place =
                    new UpstreamConnection.Place(
                            named.scheme(), peer.address(), named.serverName());
            var connection = pool.take(place, request.service().connectTimeout());
            current.set(connection);
            try {
                if (clientGone.get()) {
                    throw new ClientGone("the client left");
                }
                onReusedConnection = connection.reused();
                write(connection, named.head());
                watch();
                var head = connection.readHead(request.service().readTimeout());
                return new UpstreamAnswer(connection, pool, head, request.method());
            } catch (IOException | HttpFailure e) {
                connection.close();
                throw e;
            }
        }

        private void write(UpstreamConnection connection, byte[] head)
                throws IOException, HttpFailure {
            var out = connection.out();
            out.timeout(request.service().writeTimeout());
            sent = true;
            out.write(head);
            if (!body.repeatable()) {
                out.flush(); // the body may take its time
            }
            try {
                body.writer().writeTo(out);
                out.flush();
            } catch (ClientGone e) {
                throw e;
            } catch (IOException e) {
                if (body.repeatable()) {
                    return; // it may have answered before it stopped reading: the answer decides
                }
                throw e;
            }
        }
    }
}
