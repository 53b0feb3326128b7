// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.Struct;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The variables of nginx that plugins have a use for; others do not exist. */
final class NginxVariables {
    private NginxVariables() {}

    static @Nullable String get(Exchange exchange, String name) {
        var request = exchange.request;
        return switch (name) {
            case "kong_request_id", "request_id" -> exchange.id;
            case "request_method" -> exchange.method;
            case "request_uri" -> exchange.rawTarget();
            case "uri" -> RequestPaths.uri(request.rawPath());
            case "args" -> exchange.query;
            case "host" -> RequestCalls.host(exchange);
            case "scheme" -> exchange.requestScheme();
            case "https" -> request.tls() ? "on" : null;
            case "remote_addr" -> exchange.clientIp;
            case "remote_port" -> Integer.toString(request.port());
            case "realip_remote_addr" -> request.ip();
            case "server_addr" -> "127.0.0.1";
            case "server_port" -> Integer.toString(exchange.port());
            case "server_protocol" -> "HTTP/" + request.version();
            case "content_length" ->
                    exchange.headers
                            .first("Content-Length")
                            .or(() -> exchange.body.map(body -> String.valueOf(body.length())))
                            .orElse(null);
            case "request_length" -> Integer.toString(length(request));
            case "upstream_scheme" ->
                    exchange.service().map(s -> Forwarding.scheme(exchange, s)).orElse(null);
            case "upstream_uri", "upstream_host", "upstream_x_forwarded_for" ->
                    upstream(exchange, name);
            case "content_type" -> exchange.headers.first("Content-Type").orElse(null);
            case "ssl_server_name" -> request.tls() ? RequestCalls.host(exchange) : null;
            case "ssl_cipher" -> request.tls() ? "TLS_AES_256_GCM_SHA384" : null;
            case "connection_requests" -> Integer.toString(request.connectionRequests());
            case "status" ->
                    String.format("%03d", exchange.answered.isEmpty() ? 0 : exchange.status);
            default -> prefixed(exchange, name);
        };
    }

    /** What the service gets of it is settled when the request is sent on. */
    private static @Nullable String upstream(Exchange exchange, String name) {
        var route = exchange.route();
        if (route.isEmpty()) {
            return null;
        }
        var sent = exchange.forwarded;
        return switch (name) {
            case "upstream_uri" -> {
                var service = exchange.service().orElse(Struct.EMPTY);
                yield sent.map(UpstreamRequest::target)
                        .orElseGet(() -> Forwarding.path(exchange, route.get(), service));
            }
            case "upstream_host" ->
                    Forwarding.keepsHost(exchange)
                            ? exchange.request.headers().first("Host").orElse(null)
                            : sent.flatMap(request -> request.header("Host")).orElse(null);
            default -> Forwarding.forwardedFor(exchange.request);
        };
    }

    /** Of the head and the body as they were sent. */
    private static int length(SimulatedRequest request) {
        int line = (request.method() + " " + request.target() + " HTTP/1.1\r\n").length();
        int head =
                request.headers().lines().stream()
                        .mapToInt(
                                header -> Bytes.ofText(header.name() + header.value()).length() + 4)
                        .sum();
        return line + head + 2 + request.bodySize();
    }

    private static @Nullable String prefixed(Exchange exchange, String name) {
        if (name.startsWith("http_")) {
            var wanted = name.substring("http_".length());
            var joined =
                    exchange.headers.lines().stream()
                            .filter(line ->
                                    line.name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace('-', '_')
                                            .equals(wanted))
                            .map(HeaderLines.Line::value)
                            .collect(Collectors.joining(", "));
            return joined.isEmpty() ? null : joined;
        }
        if (name.startsWith("arg_")) {
            return argument(exchange.query, name.substring("arg_".length()));
        }
        if (name.startsWith("cookie_")) {
            return cookie(exchange, name.substring("cookie_".length()));
        }
        return null;
    }

    /** As it was sent. */
    private static @Nullable String argument(String query, String name) {
        for (var arg : query.split("&", -1)) {
            if (arg.startsWith(name + "=")) {
                return arg.substring(name.length() + 1);
            }
        }
        return null;
    }

    private static @Nullable String cookie(Exchange exchange, String name) {
        for (var line : exchange.headers.all("Cookie")) {
            for (var cookie : line.split(";", -1)) {
                if (cookie.trim().startsWith(name + "=")) {
                    return cookie.trim().substring(name.length() + 1);
                }
            }
        }
        return null;
    }
}
