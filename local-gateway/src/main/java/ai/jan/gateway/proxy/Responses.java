// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.gateway.config.Settings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Makes the responses that do not come from a service, with the headers Kong gives them. */
final class Responses {
    static final String VERSION = "3.9.1-local";
    static final String SERVER = "kong/" + VERSION;
    private static final Set<String> CHARSET_TYPES =
            Set.of("text/html", "text/xml", "text/plain", "application/javascript");

    private final Settings settings;
    private final RequestPlugins plugins;

    Responses(Settings settings, RequestPlugins plugins) {
        this.settings = settings;
        this.plugins = plugins;
    }

    /** What a plugin answered. */
    void answer(Exchange exchange, ResponseWriter writer, Answer answer) throws ClientGone {
        switch (answer) {
            case Answer.Exit exit -> exit(exchange, writer, exit);
            case Answer.KongError error ->
                    error(exchange, writer, error.status(), error.message(), "application/json");
        }
    }

    private void exit(Exchange exchange, ResponseWriter writer, Answer.Exit exit)
            throws ClientGone {
        var headers = new Headers().add("Date", ResponseWriter.date());
        var own = exit.headers().copy();
        own.remove("Transfer-Encoding");
        var merged = exchange.response().copy();
        own.lines().forEach(line -> merged.remove(line.name()));
        merged.addAll(own);
        withCharset(merged);
        headers.add("Connection", writer.connection());
        headers.addAll(merged);
        var body = exit.body();
        boolean bodiless = exit.status() == 204 || exit.status() == 304;
        var length = own.first("Content-Length").filter(text -> text.matches("\\d{1,9}"));
        if (length.isPresent()) {
            body = Arrays.copyOf(body, Math.min(Integer.parseInt(length.get()), body.length));
        } else if (!bodiless) {
            headers.add("Content-Length", Integer.toString(body.length));
        }
        finish(exchange, headers);
        exchange.sent(exit.status(), headers, "exit");
        writer.whole(
                exit.status(), Reasons.of(exit.status()), headers, bodiless ? new byte[0] : body);
    }

    /** What a plugin answers in place of a service's response, whose headers stay. */
    void instead(Exchange exchange, ResponseWriter writer, Headers headers, Answer answer)
            throws ClientGone {
        switch (answer) {
            case Answer.KongError _ -> answer(exchange, writer, answer);
            case Answer.Exit exit -> {
                headers.remove("Transfer-Encoding");
                exit.headers().lines().forEach(line -> headers.set(line.name(), line.value()));
                headers.set("Content-Length", Integer.toString(exit.body().length));
                exchange.sent(exit.status(), headers, "exit");
                writer.whole(exit.status(), Reasons.of(exit.status()), headers, exit.body());
            }
        }
    }

    /** nginx's charset filter. */
    static void withCharset(Headers headers) {
        headers.first("Content-Type")
                .filter(CHARSET_TYPES::contains)
                .ifPresent(type -> headers.set("Content-Type", type + "; charset=UTF-8"));
    }

    /** An error that nginx or the proxy found; clients without Accept get the default type. */
    void failure(Exchange exchange, ResponseWriter writer, HttpFailure failure) throws ClientGone {
        if (failure.status() == 501 || failure.status() == 505) {
            writer.closeAfterwards();
            page(exchange, writer, failure.status(), "text/html; charset=UTF-8", new Headers());
            return;
        }
        if (failure.status() < 500) {
            writer.closeAfterwards();
        }
        error(exchange, writer, failure.status(), failure.text(), settings.errors().defaultType());
    }

    /** One of Kong's own errors. */
    void error(
            Exchange exchange,
            ResponseWriter writer,
            int status,
            String message,
            String defaultType)
            throws ClientGone {
        var type = MediaTypes.choose(exchange.headers().first("Accept"), defaultType);
        var body = settings.errors().body(type, message, exchange.id()).getBytes(UTF_8);
        var sentType = type.equals("application/grpc") ? "application/json" : type;
        var headers =
                new Headers()
                        .add("Date", ResponseWriter.date())
                        .add("Content-Type", sentType + "; charset=utf-8")
                        .add("Connection", writer.connection());
        headers.addAll(exchange.response());
        headers.add("Content-Length", Integer.toString(body.length));
        finish(exchange, headers);
        exchange.sent(status, headers, "error");
        writer.whole(status, Reasons.of(status), headers, body);
    }

    /** A page as nginx makes it by itself. */
    void page(Exchange exchange, ResponseWriter writer, int status, String type, Headers more)
            throws ClientGone {
        var title = status + " " + Reasons.of(status);
        var body =
                """
                <html>
                <head><title>%s</title></head>
                <body>
                <center><h1>%s</h1></center>
                </body>
                </html>
                """
                        .formatted(title, title)
                        .replace("\n", "\r\n")
                        .getBytes(UTF_8);
        var headers =
                new Headers()
                        .add("Date", ResponseWriter.date())
                        .add("Content-Type", type)
                        .add("Content-Length", Integer.toString(body.length))
                        .add("Connection", writer.connection());
        headers.addAll(exchange.response());
        headers.addAll(more);
        finish(exchange, headers);
        exchange.sent(status, headers, "error");
        writer.whole(status, Reasons.of(status), headers, body);
    }

    /** Lets plugins change the headers and adds Kong's own. */
    private void finish(Exchange exchange, Headers headers) {
        plugins.header(exchange, headers);
        if (exchange.wasProxied()) {
            proxyHeaders(exchange, headers);
        } else {
            own(headers, "X-Kong-Response-Latency", Long.toString(exchange.elapsedMillis()));
        }
        own(headers, "Server", SERVER);
        own(headers, "X-Kong-Request-Id", exchange.id());
    }

    /** The headers that tell of the way to the service. */
    void proxyHeaders(Exchange exchange, Headers headers) {
        own(headers, "X-Kong-Upstream-Latency", Long.toString(exchange.upstreamMillis()));
        own(headers, "X-Kong-Proxy-Latency", Long.toString(exchange.proxyMillis()));
        if (settings.headers().contains("via")) {
            var before = headers.first("Via").map(via -> via + ", ").orElse("");
            headers.set("Via", before + "1.1 " + SERVER);
        }
    }

    /** Sets one of Kong's headers if the configuration wants it. */
    void own(Headers headers, String name, String value) {
        if (settings.headers().contains(name.toLowerCase(Locale.ROOT))) {
            headers.set(name, value);
        }
    }
}
