// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.Struct;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What Kong makes of a request for the service, and of the service's answer for the client. */
final class Forwarding {
    static final String KONG = "kong/3.9.1";

    private static final Set<String> NOT_PASSED_ON =
            Set.of(
                    "host",
                    "connection",
                    "keep-alive",
                    "te",
                    "transfer-encoding",
                    "upgrade",
                    "proxy-connection",
                    "content-length",
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "x-forwarded-path",
                    "x-forwarded-prefix",
                    "x-real-ip",
                    "x-kong-request-id",
                    "via");

    /** There is one of them in an answer, the service's. */
    private static final Set<String> SINGLE =
            Set.of("content-type", "content-length", "date", "server", "last-modified", "etag");

    private Forwarding() {}

    static UpstreamRequest request(Exchange exchange) {
        var route = exchange.route().orElseThrow();
        var service = exchange.service().orElseThrow();
        var address = address(exchange, service);
        return new UpstreamRequest(
                scheme(exchange, service),
                address,
                exchange.method,
                target(exchange, route, service),
                headers(exchange, route, host(exchange, service)),
                declared(exchange.headers, exchange.body.orElse(Bytes.EMPTY)));
    }

    /** As much of a body as its receiver reads: a plugin may have set another length. */
    static Bytes declared(HeaderLines headers, Bytes body) {
        int length = length(headers, body);
        return length < body.length() ? Bytes.of(Arrays.copyOf(body.toArray(), length)) : body;
    }

    private static int length(HeaderLines headers, Bytes body) {
        return headers.first("Content-Length")
                .filter(length -> length.matches("[0-9]{1,9}"))
                .map(Integer::parseInt)
                .orElse(body.length());
    }

    static String scheme(Exchange exchange, Struct service) {
        return exchange.scheme.orElseGet(() -> Entities.text(service, "protocol"));
    }

    /** Whether the service gets the client's own {@code Host}. */
    static boolean keepsHost(Exchange exchange) {
        return exchange.route().filter(route -> Entities.flag(route, "preserve_host")).isPresent();
    }

    private static String address(Exchange exchange, Struct service) {
        if (exchange.target.isPresent()) {
            var target = exchange.target.get();
            return target.host() + ":" + target.port();
        }
        var name = exchange.upstream.orElseGet(() -> Entities.text(service, "host"));
        return exchange.kong.upstreams().getOrDefault(name, name + ":" + port(service));
    }

    private static int port(Struct service) {
        return Entities.number(service, "port");
    }

    private static String host(Exchange exchange, Struct service) {
        if (exchange.host.isPresent()) {
            return exchange.host.get();
        }
        if (keepsHost(exchange)) {
            return exchange.request.headers().first("Host").orElse("");
        }
        if (exchange.target.isPresent()) {
            return exchange.target.get().host();
        }
        var address = address(exchange, service);
        var usual = Entities.text(service, "protocol").equals("https") ? ":443" : ":80";
        return address.endsWith(usual)
                ? address.substring(0, address.length() - usual.length())
                : address;
    }

    private static String target(Exchange exchange, Struct route, Struct service) {
        var escaped = path(exchange, route, service);
        return exchange.query.isEmpty() ? escaped : escaped + "?" + exchange.query;
    }

    /** Without the query. */
    static String path(Exchange exchange, Struct route, Struct service) {
        return RequestPaths.escape(
                exchange.path.orElseGet(() ->
                        RequestPaths.upstream(
                                RequestPaths.normalised(exchange.request.rawPath()),
                                route,
                                service)));
    }

    private static HeaderLines headers(Exchange exchange, Struct route, String host) {
        var request = exchange.request;
        var path = RequestPaths.normalised(request.rawPath());
        boolean trusted = exchange.kong.trusted().contains(request.ip());
        var headers = new HeaderLines();
        headers.add("Via", "1.1 " + KONG).add("Host", host);
        request.headers()
                .first("Upgrade")
                .ifPresentOrElse(
                        protocol ->
                                headers.add("Upgrade", protocol)
                                        .add("Connection", "keep-alive, Upgrade"),
                        () -> headers.add("Connection", "keep-alive"));
        headers.add("X-Forwarded-For", forwardedFor(request));
        told(exchange, headers, trusted, "X-Forwarded-Proto", exchange.requestScheme());
        told(exchange, headers, trusted, "X-Forwarded-Host", exchange.seenHost);
        told(exchange, headers, trusted, "X-Forwarded-Port", String.valueOf(exchange.port()));
        told(exchange, headers, trusted, "X-Forwarded-Path", path);
        if (Entities.flag(route, "strip_path")) {
            told(
                    exchange,
                    headers,
                    trusted,
                    "X-Forwarded-Prefix",
                    RequestPaths.matched(path, route));
        }
        headers.add("X-Real-IP", exchange.clientIp).add("X-Kong-Request-Id", exchange.id);
        exchange.body.ifPresent(body ->
                headers.add("Content-Length", String.valueOf(length(exchange.headers, body))));
        exchange.headers.lines().stream()
                .filter(line -> !NOT_PASSED_ON.contains(line.name().toLowerCase(Locale.ROOT)))
                .forEach(line -> headers.add(line.name(), line.value()));
        return headers;
    }

    static String forwardedFor(SimulatedRequest request) {
        var before = request.headers().first("X-Forwarded-For");
        return before.map(list -> list + ", ").orElse("") + request.ip();
    }

    /** A trusted proxy has already told it. */
    private static void told(
            Exchange exchange, HeaderLines headers, boolean trusted, String name, String value) {
        var before = exchange.request.headers().first(name);
        headers.add(name, trusted ? before.orElse(value) : value);
    }

    /**
     * Adds the service's answer to what plugins have set so far: what is buffered replaces headers
     * of theirs, what is streamed comes after them.
     */
    static void answer(Exchange exchange, SimulatedResponse answer) {
        exchange.answered = Optional.of(answer);
        exchange.status = answer.status();
        copyHeaders(exchange, answer);
        if (answer.status() == 101) {
            exchange.response.set("Connection", "upgrade");
            return;
        }
        boolean headOnly = exchange.method.equals("HEAD") && answer.headers().has("Content-Length");
        if (!answer.headers().has("Transfer-Encoding") && !headOnly) {
            exchange.response.set("Content-Length", String.valueOf(answer.body().length()));
        }
        exchange.response.set("Connection", exchange.connection());
    }

    private static void copyHeaders(Exchange exchange, SimulatedResponse answer) {
        var replaced = new HashSet<String>();
        for (var line : answer.headers().lines()) {
            var name = line.name().toLowerCase(Locale.ROOT);
            if (Set.of("connection", "keep-alive", "transfer-encoding").contains(name)) {
                continue;
            }
            if ((exchange.buffered || SINGLE.contains(name)) && replaced.add(name)) {
                exchange.response.remove(name);
            }
            exchange.response.add(line.name(), line.value());
        }
    }
}
