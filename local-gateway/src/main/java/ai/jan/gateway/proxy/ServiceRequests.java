// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Service;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.router.RequestPath;
import ai.jan.gateway.router.RouteMatch;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes the request that a service gets, with the headers Kong puts in. */
final class ServiceRequests {
    private static final Set<String> REPLACED =
            Set.of(
                    "host",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "upgrade",
                    "transfer-encoding",
                    "expect",
                    "content-length",
                    "via",
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "x-forwarded-path",
                    "x-forwarded-prefix",
                    "x-real-ip",
                    "x-kong-request-id");

    private final Settings settings;

    ServiceRequests(Settings settings) {
        this.settings = settings;
    }

    /** Whether the client asks for a WebSocket. */
    static boolean upgrades(Exchange exchange) {
        var headers = exchange.headers();
        return headers.first("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent()
                && tokens(headers).contains("upgrade");
    }

    private static Set<String> tokens(Headers headers) {
        var tokens = new HashSet<String>();
        for (var value : headers.all("Connection")) {
            for (var token : value.split(",", -1)) {
                tokens.add(token.strip().toLowerCase(Locale.ROOT));
            }
        }
        return tokens;
    }

    /**
     * The request to the service.
     *
     * @param framing Content-Length or Transfer-Encoding, or nothing
     */
    UpstreamRequest of(Exchange exchange, Service service, RouteMatch match, Headers framing) {
        var changes = exchange.changes();
        var scheme = changes.scheme.orElse(service.protocol());
        var host = changes.target.map(Exchange.Target::host).orElse(service.host());
        int port = changes.target.map(Exchange.Target::port).orElse(service.port());
        var hostHeader = changes.host.orElseGet(() -> hostHeader(exchange, service, match));
        var path =
                changes.path
                        .map(RequestPath::escape)
                        .orElseGet(() ->
                                RequestPath.escape(
                                        RequestPath.upstream(
                                                RequestPath.bytes(service.path()),
                                                exchange.path(),
                                                match.route().stripPath() ? match.prefix() : "")));
        var query = changes.query.map(text -> text.isEmpty() ? "" : "?" + text);
        return new UpstreamRequest(
                service,
                scheme,
                host,
                port,
                hostHeader.replaceFirst(":\\d*$", ""),
                changes.method.orElse(exchange.method()),
                path + query.orElse(exchange.query()),
                headers(exchange, match, hostHeader, framing),
                changes.host.isEmpty() && !match.route().preserveHost());
    }

    private static String hostHeader(Exchange exchange, Service service, RouteMatch match) {
        if (match.route().preserveHost() && !exchange.head().authority().isEmpty()) {
            return exchange.head().authority();
        }
        if (exchange.changes().target.isPresent()) {
            return exchange.changes().target.get().host();
        }
        return UpstreamRequest.hostHeader(service.host(), service.port(), service.protocol());
    }

    private Headers headers(
            Exchange exchange, RouteMatch match, String hostHeader, Headers framing) {
        var from = exchange.headers();
        var to = new Headers();
        boolean upgrade = upgrades(exchange);
        if (from.all("TE").stream()
                .anyMatch(te -> List.of(te.split("[,; ]+", -1)).contains("trailers"))) {
            to.add("TE", "trailers");
        }
        if (upgrade) {
            to.add("Upgrade", from.first("Upgrade").orElse(""));
        }
        var version =
                switch (exchange.version()) {
                    case 10 -> "1 ";
                    case 11 -> "1.1 ";
                    default -> "";
                };
        var via = from.first("Via").map(before -> before + ", ").orElse("");
        to.add("Via", via + version + Responses.SERVER);
        to.add("Host", hostHeader);
        to.add("Connection", upgrade ? "keep-alive, Upgrade" : "keep-alive");
        forwarded(exchange, match, to);
        if (settings.upstreamRequestId()) {
            to.add("X-Kong-Request-Id", exchange.id());
        }
        to.addAll(framing);
        var dropped = tokens(from);
        for (var line : from.lines()) {
            var name = line.name().toLowerCase(Locale.ROOT);
            if (!REPLACED.contains(name) && !dropped.contains(name)) {
                to.add(line.name(), line.value());
            }
        }
        return to;
    }

    private static void forwarded(Exchange exchange, RouteMatch match, Headers to) {
        var client = exchange.client();
        var from = exchange.headers();
        boolean trusted = exchange.forwarded().trusted();
        to.add(
                "X-Forwarded-For",
                from.first("X-Forwarded-For")
                        .map(chain -> chain + ", " + client.ip())
                        .orElse(exchange.forwarded().ip()));
        to.add("X-Forwarded-Proto", sent(from, "Proto", trusted, client.scheme()));
        to.add("X-Forwarded-Host", sent(from, "Host", trusted, exchange.host()));
        to.add(
                "X-Forwarded-Port",
                sent(from, "Port", trusted, Integer.toString(client.serverPort())));
        to.add("X-Forwarded-Path", sent(from, "Path", trusted, exchange.rawPath()));
        var prefix = match.route().stripPath() ? match.prefix() : "";
        var sentPrefix = sent(from, "Prefix", trusted, RequestPath.escape(prefix));
        if (!sentPrefix.isEmpty()) {
            to.add("X-Forwarded-Prefix", sentPrefix);
        }
        to.add("X-Real-IP", exchange.forwarded().ip());
    }

    private static String sent(Headers from, String name, boolean trusted, String own) {
        return trusted ? from.first("X-Forwarded-" + name).orElse(own) : own;
    }
}
