// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Route;
import ai.jan.gateway.config.Service;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.router.RequestPath;
import ai.jan.gateway.router.RouteMatch;
import ai.jan.gateway.router.Router;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves requests: routes them, runs plugins, asks the service, relays its answer. */
public final class Gateway implements ClientConnection.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final int MAX_REDIRECTS = 10;

    private final Settings settings;
    private final Router router;
    private final RequestPlugins plugins;
    private final Responses responses;
    private final Relay relay;
    private final ServiceRequests requests;
    private final Resolver resolver;
    private final Map<String, Balancer> balancers;
    private final Upstreams upstreams;

    Gateway(
            Settings settings,
            Router router,
            RequestPlugins plugins,
            Resolver resolver,
            Map<String, Balancer> balancers,
            Upstreams upstreams) {
        this.settings = settings;
        this.router = router;
        this.plugins = plugins;
        this.responses = new Responses(settings, plugins);
        this.relay = new Relay(settings, plugins, responses);
        this.requests = new ServiceRequests(settings);
        this.resolver = resolver;
        this.balancers = Map.copyOf(balancers);
        this.upstreams = upstreams;
    }

    @Override
    public RequestBody.Limits limits() {
        return new RequestBody.Limits(
                settings.maxBodySize(),
                settings.bodyBufferSize(),
                settings.prefix().resolve("client_body_temp"));
    }

    @Override
    public void malformed(
            Exchange.Client client, RequestHead head, HttpFailure failure, ResponseWriter writer)
            throws IOException {
        var exchange = new Exchange(client, head, "/", RequestBody.none(), settings);
        responses.failure(exchange, writer, failure);
    }

    @Override
    public void handle(
            Exchange.Client client,
            RequestHead head,
            RequestBody body,
            ClientInput input,
            ResponseWriter writer)
            throws IOException, InterruptedException {
        var path = RequestPath.normalise(head.path());
        var exchange = new Exchange(client, head, path.orElse("/"), body, settings);
        try {
            if (path.isEmpty()) {
                throw HttpFailure.badRequest();
            }
            if (head.method().equals("TRACE")) {
                throw new HttpFailure(405, "Method not allowed"); // by nginx, always
            }
            serve(exchange, input, writer);
        } catch (HttpFailure e) {
            fail(exchange, writer, e);
        } catch (BodyUnreadable e) {
            fail(exchange, writer, e.failure());
        } catch (RuntimeException e) {
            LOG.error("request {} failed", exchange.id(), e);
            writer.closeAfterwards();
            fail(exchange, writer, new HttpFailure(500, "An unexpected error occurred"));
        } finally {
            input.unwatch();
            exchange.ended(writer.sentBytes());
            plugins.log(exchange);
        }
    }

    private void fail(Exchange exchange, ResponseWriter writer, HttpFailure failure)
            throws IOException {
        if (writer.started()) {
            throw new IOException("the response broke off");
        }
        responses.failure(exchange, writer, failure);
    }

    private void serve(Exchange exchange, ClientInput input, ResponseWriter writer)
            throws IOException, InterruptedException, HttpFailure {
        var early = plugins.rewrite(exchange);
        if (early.isPresent()) {
            answer(exchange, writer, early.get());
            return;
        }
        var path = exchange.path();
        for (int redirects = 0; ; redirects++) {
            var found = match(exchange, path);
            if (found.isEmpty()) {
                answer(
                        exchange,
                        writer,
                        new Answer.KongError(404, "no Route matched with those values"));
                return;
            }
            exchange.match(found.get());
            if (refusedPlain(exchange, found.get().route(), writer)) {
                return;
            }
            var answered = plugins.access(exchange);
            if (answered.isPresent()) {
                answer(exchange, writer, answered.get());
                return;
            }
            var service = found.get().route().service();
            if (service.isEmpty()) {
                answer(
                        exchange,
                        writer,
                        new Answer.KongError(503, "no Service found with those values"));
                return;
            }
            var redirect = proxy(exchange, service.get(), found.get(), input, writer);
            if (redirect.isEmpty()) {
                return;
            }
            if (redirects == MAX_REDIRECTS) {
                writer.closeAfterwards();
                responses.page(exchange, writer, 500, "text/html; charset=UTF-8", new Headers());
                return;
            }
            path = redirect.get();
        }
    }

    private Optional<RouteMatch> match(Exchange exchange, String path) {
        return router.match(
                new Router.Query(
                        exchange.method(),
                        path,
                        exchange.head().host(),
                        exchange.client().serverPort(),
                        exchange.headers()::all));
    }

    private void answer(Exchange exchange, ResponseWriter writer, Answer answer)
            throws IOException {
        exchange.body().acceptExpectation();
        responses.answer(exchange, writer, answer);
    }

    private boolean refusedPlain(Exchange exchange, Route route, ResponseWriter writer)
            throws IOException {
        var scheme =
                exchange.forwarded().trusted()
                        ? exchange.headers()
                                .first("X-Forwarded-Proto")
                                .orElse(exchange.client().scheme())
                        : exchange.client().scheme();
        if (route.protocols().contains("http") || scheme.equalsIgnoreCase("https")) {
            return false;
        }
        if (route.httpsRedirectStatusCode() == 426) {
            exchange.response().add("Connection", "Upgrade").add("Upgrade", "TLS/1.2, HTTP/1.1");
            answer(exchange, writer, new Answer.KongError(426, "Please use HTTPS protocol"));
            return true;
        }
        var location = "https://" + exchange.host() + exchange.rawPath() + exchange.query();
        int status = route.httpsRedirectStatusCode();
        exchange.body().acceptExpectation();
        responses.page(
                exchange,
                writer,
                status,
                status < 303 ? "text/html" : "text/html; charset=UTF-8",
                new Headers().add("Location", location));
        return true;
    }

    /** Asks the service and relays its answer; answers where nginx is told to go instead. */
    private Optional<String> proxy(
            Exchange exchange,
            Service service,
            RouteMatch match,
            ClientInput input,
            ResponseWriter writer)
            throws IOException, HttpFailure, InterruptedException {
        var target = exchange.changes().target;
        var host = target.map(Exchange.Target::host).orElse(service.host());
        int port = target.map(Exchange.Target::port).orElse(service.port());
        var balancer = Optional.ofNullable(balancers.get(host));
        var choice =
                balancer.map(found -> found.choice(exchange))
                        .orElseGet(() -> resolver.choice(host, port));
        var peer = choice.next();
        if (peer.isEmpty()) {
            var message =
                    balancer.isPresent()
                            ? "failure to get a peer from the ring-balancer"
                            : "name resolution failed";
            answer(exchange, writer, new Answer.KongError(503, message));
            return Optional.empty();
        }
        exchange.proxied();
        var framing = new Headers();
        var body = body(exchange, match.route(), framing);
        var request = requests.of(exchange, service, match, framing);
        try (var answer = upstreams.send(request, peer.get(), choice, body, input)) {
            exchange.answered();
            var redirect = answer.head().headers().first("X-Accel-Redirect");
            if (redirect.isPresent()) {
                return redirect;
            }
            if (answer.head().status() == 101) {
                relay.tunnel(exchange, answer, input, writer);
            } else {
                relay.relay(exchange, answer, writer);
            }
            input.unwatch(); // before the connection to the service goes to somebody else
        } finally {
            choice.done();
        }
        return Optional.empty();
    }

    private static Upstreams.Body body(Exchange exchange, Route route, Headers framing)
            throws IOException, HttpFailure {
        var replaced = exchange.changes().body;
        var body = exchange.body();
        if (replaced.isPresent()) {
            body.keep();
            framing.add("Content-Length", Integer.toString(replaced.get().length));
            return new Upstreams.Body(out -> out.write(replaced.get()), true);
        }
        if (body.length() == 0) {
            if (exchange.headers().has("Content-Length")) {
                framing.add("Content-Length", "0");
            }
            return Upstreams.Body.NONE;
        }
        if (route.requestBuffering() || body.kept().isPresent()) {
            var kept = body.keep();
            framing.add("Content-Length", Long.toString(kept.size()));
            return new Upstreams.Body(kept::writeTo, true);
        }
        if (body.chunked()) {
            framing.add("Transfer-Encoding", "chunked");
        } else {
            framing.add("Content-Length", Long.toString(body.length()));
        }
        return Relay.streamed(body);
    }
}
