// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Telemetry;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route, runs it, and turns what it throws into an answer. */
final class Dispatcher extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final Route TOO_BUSY =
            _ -> {
                throw ApiProblem.unavailable(null, "The server is too busy; please try again.")
                        .header("Retry-After", "1");
            };

    private final Router router;
    private final Function<Throwable, ApiProblem> failures;
    private final ClientWatch watch;
    private final Farewell farewell;
    private final BodyBudget bodies;
    private final Boundary boundary;
    private final int maxBody;
    private final Semaphore slots;

    Dispatcher(
            HttpSettings settings,
            Router router,
            Function<Throwable, ApiProblem> failures,
            Telemetry telemetry,
            ClientWatch watch,
            Farewell farewell) {
        this.watch = watch;
        this.farewell = farewell;
        this.boundary = new Boundary(telemetry);
        this.bodies = new BodyBudget(settings.maxBodies());
        this.router = router;
        this.failures = failures;
        this.maxBody = settings.maxBody();
        this.slots = new Semaphore(settings.maxRequests());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var match = router.find(request.getMethod(), segments(request));
        var parameters =
                match instanceof Router.Match.Found found
                        ? found.parameters()
                        : Map.<String, String>of();
        var requestId = RequestIds.of(request.getHeaders().get("X-Request-Id"));
        var span = boundary.span(request.getMethod(), match, request.getHeaders()::get);
        var exchange =
                new Exchange(
                        request,
                        response,
                        watch,
                        bodies.share(),
                        parameters,
                        maxBody,
                        requestId,
                        span);
        exchange.requestId(requestId);
        var passage = boundary.enter(exchange, match);

        boolean admitted = slots.tryAcquire();
        farewell.answers(request);
        try {
            try {
                run(admitted ? route(match, exchange) : TOO_BUSY, exchange);
            } finally {
                exchange.end(); // before the server reads the connection again
                farewell.answered(request);
            }
            callback.succeeded();
        } catch (ClientGone e) {
            log.info("{} {}: the client left", exchange.requestId(), exchange.method());
            exchange.abandoned();
            callback.failed(e);
        } catch (IOException | RuntimeException | Error e) {
            log.error("{}: the answer could not be sent", exchange.requestId(), e);
            callback.failed(e);
        } finally {
            if (admitted) {
                slots.release();
            }
            passage.end();
        }
        return true;
    }

    private void run(Route route, Exchange exchange) throws IOException {
        try {
            route.handle(exchange);
            if (!exchange.isCommitted()) {
                throw new IllegalStateException("the route answered nothing");
            }
        } catch (ClientGone e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.notes().failed(503);
            exchange.fail(JsonErrors.problem(503));
        } catch (Throwable e) {
            exchange.fail(problem(e, exchange));
        }
    }

    private ApiProblem problem(Throwable failure, Exchange exchange) {
        var problem =
                switch (failure) {
                    case ApiProblem known -> known;
                    case HttpException malformed -> JsonErrors.problem(malformed.getCode());
                    default -> failures.apply(failure);
                };
        if (problem.status() == 500) {
            log.error("{}: failed", exchange.requestId(), failure);
        } else if (problem.status() > 500) {
            log.warn("{}: {} ({})", exchange.requestId(), problem.getMessage(), causes(failure));
        }
        exchange.notes().failed(problem.status());
        return problem;
    }

    private static Route route(Router.Match match, Exchange exchange) {
        return switch (match) {
            case Router.Match.Found found -> found.route();
            case Router.Match.WrongMethod wrong ->
                    _ -> {
                        throw new ApiProblem(
                                        405,
                                        ApiProblem.INVALID_REQUEST,
                                        "method_not_supported",
                                        null,
                                        "Not allowed to %s on %s"
                                                .formatted(exchange.method(), exchange.path()))
                                .header("Allow", String.join(", ", wrong.allowed()));
                    };
            case Router.Match.Nothing() ->
                    _ -> {
                        throw ApiProblem.notFound(
                                null,
                                null,
                                "Invalid URL (%s %s): not found"
                                        .formatted(exchange.method(), exchange.path()));
                    };
        };
    }

    /** Split first and decoded then, so that an encoded slash belongs to its segment. */
    private static List<String> segments(Request request) {
        return PathTemplate.split(Request.getPathInContext(request)).stream()
                .map(Dispatcher::decoded)
                .toList();
    }

    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String causes(Throwable failure) {
        var text = new StringBuilder(failure.getClass().getSimpleName());
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append(" < ").append(cause.getClass().getSimpleName());
        }
        return text.toString();
    }
}
