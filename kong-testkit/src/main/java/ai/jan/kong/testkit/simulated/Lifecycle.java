// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.PdkCalls;
import ai.jan.kong.testkit.PdkHost;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes one request through Kong's phases. */
final class Lifecycle {
    private static final PdkCalls<Exchange> CALLS = calls();

    private final List<SimulatedPlugin> plugins;
    private final Upstream upstream;
    private final Exchange exchange;
    private final List<EventTrace> events = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private Bytes body = Bytes.EMPTY;

    /**
     * @param plugins in the order in which they run
     */
    Lifecycle(List<SimulatedPlugin> plugins, Upstream upstream, Exchange exchange) {
        this.plugins = plugins;
        this.upstream = upstream;
        this.exchange = exchange;
    }

    private static PdkCalls<Exchange> calls() {
        var builder = PdkCalls.<Exchange>builder();
        ClientCalls.addTo(builder);
        CommonCalls.addTo(builder);
        RequestCalls.addTo(builder);
        ResponseCalls.addTo(builder);
        ServiceCalls.addTo(builder);
        return builder.build();
    }

    SimulatedExchange run() throws InterruptedException {
        if (runs(Phase.REWRITE) && routes() && runs(Phase.ACCESS) && forwards()) {
            if (takesPart(Phase.RESPONSE) && !exchange.request.upgrades()) {
                runs(Phase.RESPONSE);
            }
        }
        finish();
        runs(Phase.LOG);
        return new SimulatedExchange(
                sent(),
                exchange.forwarded,
                List.copyOf(events),
                List.copyOf(exchange.log),
                List.copyOf(failures));
    }

    /** What the client gets; nginx adds the date when it sends it. */
    private SimulatedResponse sent() {
        var headers = new HeaderLines(exchange.response);
        if (!headers.has("Date")) {
            headers.add(
                    "Date",
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            Instant.ofEpochMilli(exchange.startedAt).atZone(ZoneOffset.UTC)));
        }
        return new SimulatedResponse(exchange.status, headers, Forwarding.declared(headers, body));
    }

    private boolean takesPart(Phase phase) {
        return plugins.stream().anyMatch(plugin -> plugin.phases().contains(phase));
    }

    /**
     * @return whether the request goes on
     */
    private boolean runs(Phase phase) throws InterruptedException {
        exchange.phase = phase;
        for (var plugin : plugins) {
            if (plugin.phases().contains(phase) && !goesOn(plugin, phase)) {
                return false;
            }
        }
        return true;
    }

    private boolean goesOn(SimulatedPlugin plugin, Phase phase) throws InterruptedException {
        var called = new ArrayList<String>();
        var outcome = plugin.runner().run(phase, noting(called));
        int roundTrips = 0;
        if (plugin.runner() instanceof InMemoryPlugin java) {
            roundTrips = java.roundTrips();
            java.failure().ifPresent(failures::add);
        }
        events.add(new EventTrace(plugin.name(), phase, outcome, called, roundTrips));
        if (phase == Phase.LOG) {
            return true; // a failure is only logged
        }
        return switch (outcome) {
            case EventOutcome.Completed _ -> true;
            case EventOutcome.Exited exited -> {
                exit(exited);
                yield false;
            }
            case EventOutcome.Failed _ -> {
                error(500, "An unexpected error occurred");
                exchange.source = "error";
                yield false;
            }
        };
    }

    private PdkHost noting(List<String> called) {
        var host = CALLS.bind(exchange);
        return (PdkMethod<?, ?> method, Object argument) -> {
            called.add(method.name());
            return host.call(method, argument);
        };
    }

    /** Finds the route, and tells plugins of it. */
    private boolean routes() {
        exchange.routed = true;
        exchange.path = Optional.empty(); // what rewrite has set is overwritten now
        exchange.scheme = Optional.empty();
        var host = RequestCalls.host(exchange);
        exchange.seenHost = host.isEmpty() ? "kong" : host;
        exchange.ctx.put("request_uri", new Value.Text(exchange.rawTarget()));
        exchange.ctx.put("scheme", new Value.Text(exchange.requestScheme()));
        exchange.ctx.put("host", new Value.Text(RequestCalls.host(exchange)));
        exchange.route().ifPresent(route -> exchange.ctx.put("route", route));
        exchange.service().ifPresent(service -> exchange.ctx.put("service", service));
        if (exchange.route().isEmpty()) {
            error(404, "no Route matched with those values");
            return false;
        }
        if (takesPart(Phase.RESPONSE)) {
            exchange.ctx.put("buffered_proxying", new Value.Flag(true));
        }
        exchange.kong
                .consumer()
                .ifPresent(consumer -> exchange.ctx.put("authenticated_consumer", consumer));
        exchange.kong
                .credential()
                .ifPresent(entity -> exchange.ctx.put("authenticated_credential", entity));
        return true;
    }

    private boolean forwards() {
        if (exchange.service().isEmpty()) {
            error(503, "no Service found with those values");
            return false;
        }
        if (exchange.request.upgrades()) {
            exchange.ctx.remove("buffered_proxying");
        }
        exchange.buffered = new Value.Flag(true).equals(exchange.ctx.get("buffered_proxying"));
        var request = Forwarding.request(exchange);
        exchange.forwarded = Optional.of(request);
        try {
            var answer = upstream.answer(request);
            Forwarding.answer(exchange, answer);
            body = answer.body();
            return true;
        } catch (IOException e) {
            upstreamError("An invalid response was received from the upstream server");
            return false;
        }
    }

    /** Answers as Kong does on its own. */
    private void error(int status, String message) {
        var text =
                "{\n  \"message\":\""
                        + message
                        + "\",\n  \"request_id\":\""
                        + exchange.id
                        + "\"\n}";
        exit(
                new EventOutcome.Exited(
                        status,
                        Bytes.utf8(text),
                        Map.of("Content-Type", List.of("application/json; charset=utf-8"))));
    }

    /** Such errors are JSON only for clients that ask for it, or send it. */
    private void upstreamError(String message) {
        var headers = exchange.request.headers();
        var wanted = headers.first("Accept").or(() -> headers.first("Content-Type"));
        if (wanted.filter(type -> type.contains("json")).isPresent()) {
            error(502, message);
            return;
        }
        exit(
                new EventOutcome.Exited(
                        502,
                        Bytes.utf8(message + "\nrequest_id: " + exchange.id + "\n"),
                        Map.of("Content-Type", List.of("text/plain; charset=utf-8"))));
    }

    private void exit(EventOutcome.Exited exited) {
        exchange.source = "exit";
        exchange.status = exited.status();
        exchange.ctx.remove("buffered_proxying");
        exchange.buffered = false;
        body = exited.body();
        var response = exchange.response;
        response.remove("Content-Length");
        exited.headers()
                .forEach((name, values) -> {
                    if (!ResponseCalls.isIgnored(name)) {
                        response.set(
                                ResponseCalls.spelled(name),
                                values.stream().map(ResponseCalls::sent).toList());
                    }
                });
        if (!response.has("Content-Length")) {
            response.add("Content-Length", String.valueOf(body.length()));
        }
        if (exchange.status == 204) {
            response.remove("Content-Type");
            body = Bytes.EMPTY;
        }
        response.first("Content-Type")
                .filter(type -> type.equals("text/plain") || type.equals("text/html"))
                .ifPresent(type -> response.set("Content-Type", type + "; charset=UTF-8"));
        response.set("Connection", exchange.connection());
    }

    private void finish() {
        var response = exchange.response;
        if (exchange.forwarded.isPresent()) {
            response.set("X-Kong-Upstream-Latency", "1")
                    .set("X-Kong-Proxy-Latency", "1")
                    .set("Via", "1.1 " + Forwarding.KONG);
        } else {
            response.set("X-Kong-Response-Latency", "1");
        }
        if (exchange.forwarded.isEmpty() || !response.has("Server")) {
            response.set("Server", Forwarding.KONG);
        }
        if (!response.has("Content-Length") && exchange.status != 101) {
            response.set("Transfer-Encoding", "chunked");
        }
        response.set("X-Kong-Request-Id", exchange.id);
    }
}
