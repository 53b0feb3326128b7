// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.metrics.RequestMetrics;
import ai.jan.kit.telemetry.Span;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kit.telemetry.Tracing;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where requests come in and answers go out: counts each one, ends its span, and logs it once.
 * Thread-safe.
 */
final class Boundary {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    /** Asked every few seconds, and part of nothing. */
    private static final Set<String> PROBES = Set.of("/healthz", "/readyz");

    private final Metrics metrics;
    private final RequestMetrics requests;
    private final Tracing tracing;

    Boundary(Telemetry telemetry) {
        this.metrics = telemetry.metrics();
        this.requests = metrics.requests();
        this.tracing = telemetry.tracing();
    }

    /** One request under way. */
    final class Passage {
        private final Exchange exchange;
        private final String cameWith;
        private final String route;
        private final RequestMetrics.Running running;

        private Passage(Exchange exchange, String route) {
            this.exchange = exchange;
            this.cameWith = exchange.requestId();
            this.route = route;
            this.running = requests.started(route, exchange.method());
        }

        void end() {
            var took = running.age();
            count(exchange.notes(), took);
            running.ended(exchange.status(), took); // last: who sees it counted sees it all
            trace();
            log(took);
        }

        private void trace() {
            var span =
                    exchange.span()
                            .with("http.request.method", exchange.method())
                            .with("http.route", route)
                            .with("http.response.status_code", exchange.status())
                            .with("jan.request.id", exchange.requestId())
                            .with("jan.request.client_id", cameWith);
            var error = exchange.notes().error();
            if (error != null && !error.startsWith("4")) {
                span.fails(error);
            }
            span.close();
        }

        /** Clients know a request by the id it came with, all other lines by the gateway's. */
        private void log(Duration took) {
            var id = exchange.requestId();
            var notes = exchange.notes();
            log.atInfo()
                    .addKeyValue("request_id", id)
                    .addKeyValue("client_request_id", id.equals(cameWith) ? null : cameWith)
                    .addKeyValue("trace_id", exchange.span().traceId().orElse(null))
                    .addKeyValue("method", exchange.method())
                    .addKeyValue("route", route)
                    .addKeyValue("status", exchange.status())
                    .addKeyValue("error", notes.error())
                    .addKeyValue("seconds", took)
                    .addKeyValue("first_byte_seconds", notes.toFirstByte())
                    .addKeyValue("first_token_seconds", notes.toFirstToken())
                    .addKeyValue("subject", notes.subject())
                    .addKeyValue("plan", notes.plan())
                    .addKeyValue("operation", notes.operation())
                    .addKeyValue("model", notes.model())
                    .addKeyValue("backend", notes.backend())
                    .addKeyValue("stream", notes.model() == null ? null : notes.isStream())
                    .addKeyValue("input_tokens", notes.knowsTokens() ? notes.inputTokens() : null)
                    .addKeyValue("output_tokens", notes.knowsTokens() ? notes.outputTokens() : null)
                    .log("{} {} {}", exchange.method(), route, exchange.status());
        }
    }

    /**
     * Begins the span of a request; its passage ends it.
     *
     * @param header of the request, by its name
     */
    Span span(String method, Router.Match match, Function<String, @Nullable String> header) {
        var route = route(match);
        return (PROBES.contains(route) ? Tracing.OFF : tracing).serve(method + " " + route, header);
    }

    Passage enter(Exchange exchange, Router.Match match) {
        return new Passage(exchange, route(match));
    }

    private static String route(Router.Match match) {
        return match instanceof Router.Match.Found found
                ? found.template()
                : RequestMetrics.NO_ROUTE;
    }

    private void count(Notes notes, Duration took) {
        var operation = notes.operation();
        var model = notes.model();
        if (operation == null || model == null) {
            return;
        }
        var generations = metrics.generations(); // only where there are any
        var error = notes.error();
        generations.ended(operation, model, error == null ? "" : error, took);
        if (notes.knowsTokens()) {
            generations.used(operation, model, notes.inputTokens(), notes.outputTokens());
        }
        var toFirst = notes.toFirstToken();
        if (notes.isStream() && toFirst != null) {
            generations.firstToken(operation, model, toFirst);
            if (notes.outputTokens() > 1) {
                generations.laterTokens(
                        operation, model, notes.outputTokens() - 1, notes.toLastToken());
            }
        }
    }
}
