// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.problem.ApiProblem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of one request and its answer, read and written by blocking. A client that goes away is
 * {@link ClientGone} here, so that it cannot be taken for an upstream that fails.
 */
final class ClientLink {
    private static final int BUFFER = 16 * 1024;
    private static final int MOST_SKIPPED = 1024 * 1024;
    private static final Duration SKIPPING = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(ClientLink.class);

    private final Request request;
    private final Response response;
    private final BodyBudget.Share memory;
    private volatile boolean waitingForClient;

    ClientLink(Request request, Response response, BodyBudget.Share memory) {
        this.request = request;
        this.response = response;
        this.memory = memory;
        // A route that thinks is not an idle client; one that does not send or read is.
        request.addIdleTimeoutListener(_ -> waitingForClient);
    }

    boolean isCommitted() {
        return response.isCommitted();
    }

    /** The connection, if there is one below that can be watched. */
    Optional<SocketChannel> channel() {
        return request.getConnectionMetaData().getConnection().getEndPoint().getTransport()
                        instanceof SocketChannel channel
                ? Optional.of(channel)
                : Optional.empty();
    }

    byte[] read(int limit) throws ClientGone {
        if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > limit) {
            throw tooLarge(limit);
        }
        waitingForClient = true;
        try (var body = Request.asInputStream(request)) {
            var bytes = new ByteArrayOutputStream();
            var buffer = new byte[BUFFER];
            for (int read; (read = body.read(buffer)) >= 0; ) {
                if (bytes.size() + read > limit) {
                    throw tooLarge(limit);
                }
                memory.take(read);
                bytes.write(buffer, 0, read);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            if (e instanceof HttpException || e.getCause() instanceof HttpException) {
                throw ApiProblem.badRequest(null, null, "The body of the request is malformed.");
            }
            if (e.getCause() instanceof TimeoutException) {
                throw tooSlow();
            }
            throw new ClientGone(e);
        } finally {
            waitingForClient = false;
        }
    }

    /**
     * Throws away what is left of a request that was answered without it. Closed with unread bytes,
     * the connection would be reset, and the client might lose the answer; a gateway then answers
     * 502 to its own. A body that is large or slow is not waited for: its connection is closed.
     */
    void skipRest() {
        if (request.getHeaders().contains(HttpHeader.EXPECT)) {
            return; // the client waits for a word before it sends the body, and got the last one
        }
        long deadline = System.nanoTime() + SKIPPING.toNanos();
        waitingForClient = true;
        try (var body = Request.asInputStream(request)) {
            var buffer = new byte[BUFFER];
            int skipped = 0;
            for (int read = 0; read >= 0 && skipped <= MOST_SKIPPED; skipped += read) {
                if (System.nanoTime() > deadline) {
                    return;
                }
                read = body.read(buffer);
            }
        } catch (IOException e) {
            log.debug("the rest of a request that was answered did not come", e);
        } finally {
            waitingForClient = false;
        }
    }

    void write(boolean last, byte[] bytes) throws ClientGone {
        waitingForClient = true;
        try (var written = Blocker.callback()) {
            response.write(last, ByteBuffer.wrap(bytes), written);
            written.block();
        } catch (IOException e) {
            throw new ClientGone(e);
        } finally {
            waitingForClient = false;
        }
    }

    private static ApiProblem tooSlow() {
        return new ApiProblem(
                408, ApiProblem.INVALID_REQUEST, null, null, "The body did not arrive in time.");
    }

    private static ApiProblem tooLarge(int limit) {
        return new ApiProblem(
                413,
                ApiProblem.INVALID_REQUEST,
                null,
                null,
                "The request is too large: at most " + limit + " bytes are accepted.");
    }
}
