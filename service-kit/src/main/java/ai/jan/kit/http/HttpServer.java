// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.util.function.Function;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/**
 * A running HTTP/1.1 server. Errors are rendered here and nowhere else, in OpenAI's shape: an
 * {@link ApiProblem} as it says; anything else that a route throws is given to the function of
 * failures, which knows what the service's world failing means; a stream that was already open gets
 * an error event. The text of a cause never reaches the client.
 */
public final class HttpServer implements AutoCloseable {
    private static final int HEADER_BYTES = 16 * 1024;
    private static final int BACKLOG = 1024;
    // Ids of models may hold a slash, which clients send encoded.
    private static final UriCompliance PATHS =
            UriCompliance.DEFAULT.with(
                    "jan",
                    UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                    UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING);

    private final Server server;
    private final ServerConnector connector;
    private final GracefulHandler requests;
    private final Farewell farewell;
    private final ClientWatch watch;

    private HttpServer(
            Server server,
            ServerConnector connector,
            GracefulHandler requests,
            Farewell farewell,
            ClientWatch watch) {
        this.server = server;
        this.connector = connector;
        this.requests = requests;
        this.farewell = farewell;
        this.watch = watch;
    }

    /** Serves until closed; every failure that is not an {@link ApiProblem} is a fault of ours. */
    public static HttpServer start(HttpSettings settings, Router router) throws IOException {
        return start(settings, router, _ -> ApiProblem.internal(), Telemetry.off());
    }

    /** The same, told of. */
    public static HttpServer start(HttpSettings settings, Router router, Telemetry telemetry)
            throws IOException {
        return start(settings, router, _ -> ApiProblem.internal(), telemetry);
    }

    /**
     * Serves until closed.
     *
     * @param failures turns an unexpected failure into what the client is told
     * @throws IOException if the address cannot be listened on
     */
    public static HttpServer start(
            HttpSettings settings,
            Router router,
            Function<Throwable, ApiProblem> failures,
            Telemetry telemetry)
            throws IOException {
        var threads = new VirtualThreadPool();
        threads.setName("http");
        threads.setMaxConcurrentTasks(0);
        var server = new Server(threads);
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(settings.idle().toMillis());
        server.addConnector(connector);
        server.setErrorHandler(new JsonErrors());
        var watch = new ClientWatch();
        var farewell = new Farewell();
        var requests =
                new GracefulHandler(
                        new Dispatcher(settings, router, failures, telemetry, watch, farewell));
        server.setHandler(requests);
        server.setStopTimeout(settings.farewell().toMillis());
        try {
            server.start();
        } catch (IOException e) {
            watch.stop();
            throw new IOException(
                    "cannot listen on %s:%d: %s"
                            .formatted(
                                    settings.host(),
                                    settings.port(),
                                    e.getCause() == null
                                            ? e.getMessage()
                                            : e.getCause().getMessage()),
                    e);
        } catch (Exception e) {
            watch.stop();
            throw new IllegalStateException("the HTTP server does not start", e);
        }
        return new HttpServer(server, connector, requests, farewell, watch);
    }

    public int port() {
        return connector.getLocalPort();
    }

    /** Such as {@code http://127.0.0.1:8080}. */
    public URI uri() {
        return URI.create("http://" + connector.getHost() + ":" + port());
    }

    /** Takes no new requests, waits for those being answered as long as the settings allow. */
    @Override
    public void close() {
        try {
            farewell.begin(connector, requests);
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server does not stop", e);
        } finally {
            watch.stop();
        }
    }

    private static HttpConfiguration http() {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setUriCompliance(PATHS);
        return http;
    }
}
