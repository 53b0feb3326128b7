// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

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
            case "uri" -> RequestPaths.normalised(request.rawPath());
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
            case "content_length" -> exchange.headers.first("Content-Length").orElse(null);
            case "content_type" -> exchange.headers.first("Content-Type").orElse(null);
            case "ssl_server_name" -> request.tls() ? RequestCalls.host(exchange) : null;
            case "ssl_cipher" -> request.tls() ? "TLS_AES_256_GCM_SHA384" : null;
            case "connection_requests" -> "1";
            case "status" ->
                    String.format("%03d", exchange.answered.isEmpty() ? 0 : exchange.status);
            default -> prefixed(exchange, name);
        };
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
