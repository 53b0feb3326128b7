// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.jan.gateway.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Passes a service's answer on to the client as soon as it is there: what came together is sent
 * together, and before anything more is waited for.
 */
final class Relay {
    private static final Set<String> NOT_PASSED =
            Set.of(
                    "connection",
                    "keep-alive",
                    "transfer-encoding",
                    "upgrade",
                    "content-length",
                    "server",
                    "x-accel-buffering",
                    "x-accel-charset",
                    "x-accel-expires",
                    "x-accel-limit-rate",
                    "x-accel-redirect");

    private static final int MAX_WHOLE = 64 << 20;

    private final Settings settings;
    private final RequestPlugins plugins;
    private final Responses responses;

    Relay(Settings settings, RequestPlugins plugins, Responses responses) {
        this.settings = settings;
        this.plugins = plugins;
        this.responses = responses;
    }

    /**
     * Relays the whole answer.
     *
     * @throws IOException if the answer broke off; the client's connection must be closed then
     */
    void relay(Exchange exchange, UpstreamAnswer answer, ResponseWriter writer)
            throws IOException, InterruptedException {
        var head = answer.head();
        if (plugins.buffersResponse(exchange) && !head.http09()) {
            whole(exchange, answer, writer);
            return;
        }
        if (head.http09()) {
            writer.closeAfterwards();
            exchange.sent(200, new Headers(), "service");
        } else {
            frame(answer, writer);
            var headers = headers(exchange, answer, writer);
            exchange.sent(head.status(), headers, "service");
            writer.head(head.status(), head.reason(), headers);
        }
        answer.connection().flushesBeforeWaiting(writer);
        var buffer = new byte[16 * 1024];
        try {
            for (int count = answer.read(buffer); count >= 0; count = answer.read(buffer)) {
                writer.body(buffer, count);
            }
            writer.end();
        } finally {
            writer.flush(); // what came before it broke off
        }
    }

    /** Relays an answer that plugins see, and may change, before the client does. */
    private void whole(Exchange exchange, UpstreamAnswer answer, ResponseWriter writer)
            throws IOException, InterruptedException {
        var body = new ByteArrayOutputStream();
        var buffer = new byte[16 * 1024];
        for (int count = answer.read(buffer); count >= 0; count = answer.read(buffer)) {
            if (body.size() + count > MAX_WHOLE) {
                throw new IOException("the service's answer is too large for a response phase");
            }
            body.write(buffer, 0, count);
        }
        frame(answer, writer);
        var headers = headers(exchange, answer, writer);
        var head = answer.head();
        exchange.responded(
                new Exchange.ServiceResponse(head.status(), head.headers(), body.toByteArray()),
                headers);
        var replaced = plugins.response(exchange);
        if (replaced.isPresent()) {
            responses.instead(exchange, writer, headers, replaced.get());
            return;
        }
        int status = exchange.status();
        writer.head(status, status == head.status() ? head.reason() : Reasons.of(status), headers);
        writer.body(body.toByteArray(), body.size());
        writer.end();
    }

    private static void frame(UpstreamAnswer answer, ResponseWriter writer) {
        if (!answer.bodiless() && !answer.hasLength() && !writer.canChunk()) {
            writer.closeAfterwards();
        }
    }

    private Headers headers(Exchange exchange, UpstreamAnswer answer, ResponseWriter writer) {
        var from = answer.head().headers();
        var to = new Headers();
        var length = from.first("Content-Length");
        boolean noContent = answer.head().status() == 204 || answer.head().status() == 304;
        if (answer.hasLength() || (answer.bodiless() && length.isPresent() && !noContent)) {
            to.add("Content-Length", length.orElse("0"));
        } else if (!answer.bodiless() && writer.canChunk()) {
            to.add("Transfer-Encoding", "chunked");
        }
        to.add("Connection", writer.connection());
        passed(exchange, answer.head(), to);
        return to;
    }

    private void passed(Exchange exchange, ResponseHead head, Headers to) {
        var from = head.headers();
        to.addAll(exchange.response());
        for (var line : from.lines()) {
            if (!NOT_PASSED.contains(line.name().toLowerCase(Locale.ROOT))) {
                to.add(line.name(), line.value());
            }
        }
        from.first("X-Accel-Charset")
                .ifPresent(charset ->
                        to.set(
                                "Content-Type",
                                to.first("Content-Type").orElse("") + "; charset=" + charset));
        Responses.withCharset(to);
        plugins.header(exchange, to);
        if (settings.headers().contains("x-kong-upstream-status")) {
            to.set("X-Kong-Upstream-Status", Integer.toString(head.status()));
        }
        responses.proxyHeaders(exchange, to);
        from.first("Server")
                .ifPresentOrElse(
                        server -> to.add("Server", server),
                        () -> responses.own(to, "Server", Responses.SERVER));
        responses.own(to, "X-Kong-Request-Id", exchange.id());
    }

    /** Relays a WebSocket: the 101, then bytes both ways until one side ends. */
    void tunnel(Exchange exchange, UpstreamAnswer answer, ClientInput client, ResponseWriter writer)
            throws IOException {
        client.unwatch();
        var head = answer.head();
        var headers = new Headers().add("Connection", "upgrade");
        headers.add("Upgrade", head.headers().first("Upgrade").orElse("websocket"));
        passed(exchange, head, headers);
        exchange.sent(101, headers, "service");
        writer.closeAfterwards();
        writer.head(101, head.reason(), headers);
        writer.flush();
        var service = answer.connection();
        int idle = exchange.service().orElseThrow().readTimeout();
        var up = Thread.ofVirtual().start(() -> copyUp(client, service, idle));
        try {
            var buffer = new byte[16 * 1024];
            for (int n = service.read(buffer, buffer.length);
                    n >= 0;
                    n = service.read(buffer, buffer.length)) {
                writer.raw(Arrays.copyOf(buffer, n));
                writer.flush();
            }
        } finally {
            service.close();
            up.interrupt();
        }
    }

    private static void copyUp(ClientInput client, UpstreamConnection service, int idle) {
        var buffer = new byte[16 * 1024];
        try {
            for (int n = client.read(buffer, 0, buffer.length, idle);
                    n >= 0;
                    n = client.read(buffer, 0, buffer.length, idle)) {
                service.out().write(buffer, 0, n);
                service.out().flush();
            }
        } catch (IOException e) {
            // either side ended: the other learns it by the close below
        } finally {
            service.close();
        }
    }

    /** A chunked body towards a service, of a request that is not kept. */
    static Upstreams.Body streamed(RequestBody body) {
        return new Upstreams.Body(
                out -> {
                    var buffer = new byte[16 * 1024];
                    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                        if (body.chunked()) {
                            out.write((Integer.toHexString(n) + "\r\n").getBytes(US_ASCII));
                        }
                        out.write(buffer, 0, n);
                        if (body.chunked()) {
                            out.write("\r\n".getBytes(US_ASCII));
                        }
                        out.flush();
                    }
                    if (body.chunked()) {
                        out.write("0\r\n\r\n".getBytes(US_ASCII));
                    }
                },
                false);
    }
}
