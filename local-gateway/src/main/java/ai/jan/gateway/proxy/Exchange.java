// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Consumer;
import ai.jan.gateway.config.Service;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.router.RouteMatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One request and what becomes of it: what the client sent, the route, what plugins changed for the
 * service and added to the response. Texts are bytes as Latin-1 characters. Used by one thread at a
 * time.
 */
public final class Exchange {
    /** The client's side of the connection. */
    public record Client(String ip, int port, int serverPort, boolean tls) {
        public String scheme() {
            return tls ? "https" : "http";
        }
    }

    /** What plugins changed of the request to the service; empty means as Kong would do it. */
    public static final class Changes {
        public Optional<String> method = Optional.empty();
        public Optional<String> scheme = Optional.empty();
        public Optional<String> path = Optional.empty();
        public Optional<String> query = Optional.empty();
        public Optional<String> host = Optional.empty();
        public Optional<Target> target = Optional.empty();
        public Optional<byte[]> body = Optional.empty();
    }

    /** A service's response as it came. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record ServiceResponse(int status, Headers headers, byte[] body) {}

    /** Another address than the service's. */
    public record Target(String host, int port) {}

    private final Client client;
    private final RequestHead head;
    private final String path;
    private final Headers headers;
    private final RequestBody body;
    private final Forwarded forwarded;
    private final String id = randomId();
    private final long startedAt = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();
    private Headers response = new Headers();
    private final Map<String, Object> shared = new HashMap<>();
    private final Changes changes = new Changes();
    private Optional<RouteMatch> match = Optional.empty();
    private Optional<Consumer> consumer = Optional.empty();
    private Optional<String> correlationId = Optional.empty();
    private Optional<String> traceId = Optional.empty();
    private int status;
    private Optional<ServiceResponse> serviceResponse = Optional.empty();
    private Headers sentHeaders = new Headers();
    private String source = "";
    private long proxiedNanos;
    private long answeredNanos;
    private long endNanos;
    private long sentBytes;

    Exchange(Client client, RequestHead head, String path, RequestBody body, Settings settings) {
        this.client = client;
        this.head = head;
        this.path = path;
        this.headers = head.headers().copy();
        this.body = body;
        this.forwarded = Forwarded.of(client.ip(), headers, settings);
    }

    static String randomId() {
        var bytes = new byte[16];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    public Client client() {
        return client;
    }

    public Forwarded forwarded() {
        return forwarded;
    }

    RequestHead head() {
        return head;
    }

    /** The id in {@code X-Kong-Request-Id}. */
    public String id() {
        return id;
    }

    /** When the request began, in milliseconds since 1970. */
    public long startedAt() {
        return startedAt;
    }

    public String method() {
        return head.method();
    }

    /** The normalised path. */
    public String path() {
        return path;
    }

    /** The path as sent. */
    public String rawPath() {
        return head.path();
    }

    /** With its question mark; empty if there is none. */
    public String query() {
        return head.query();
    }

    /** In lower case, without port. */
    public String host() {
        return head.host().toLowerCase(Locale.ROOT);
    }

    /** {@code 10} for HTTP/1.0, {@code 11} for HTTP/1.1. */
    public int version() {
        return head.version();
    }

    /** The request's headers; a change is a change of what the service gets. */
    public Headers headers() {
        return headers;
    }

    /**
     * Headers that plugins add to the response, in front of the service's; once that has come, its
     * own.
     */
    public Headers response() {
        return response;
    }

    public Changes changes() {
        return changes;
    }

    /** {@code kong.ctx.shared}. */
    public Map<String, Object> shared() {
        return shared;
    }

    public Optional<RouteMatch> match() {
        return match;
    }

    void match(RouteMatch found) {
        match = Optional.of(found);
    }

    public Optional<Service> service() {
        return match.flatMap(found -> found.route().service());
    }

    public Optional<Consumer> consumer() {
        return consumer;
    }

    public void consumer(Consumer authenticated) {
        consumer = Optional.of(authenticated);
    }

    /** What the correlation-id plugin uses for this request. */
    public Optional<String> correlationId() {
        return correlationId;
    }

    public void correlationId(String value) {
        correlationId = Optional.of(value);
    }

    /** The trace that the opentelemetry plugin put this request in. */
    public Optional<String> traceId() {
        return traceId;
    }

    public void traceId(String value) {
        traceId = Optional.of(value);
    }

    /** The announced length of the body; -1 if it comes in chunks. */
    public long announcedLength() {
        return body.length();
    }

    /** Reads the whole body; its size. */
    public long bodySize() throws IOException {
        try {
            return body.keep().size();
        } catch (HttpFailure e) {
            throw new BodyUnreadable(e);
        }
    }

    /** Reads the whole body; nothing if it is too large for memory and so in {@link #bodyFile}. */
    public Optional<byte[]> bodyBytes() throws IOException {
        bodySize();
        return body.kept().flatMap(KeptBody::bytes);
    }

    /** The file that holds a large body. */
    public Optional<Path> bodyFile() throws IOException {
        return body.kept().isPresent() ? body.kept().get().file() : Optional.empty();
    }

    RequestBody body() {
        return body;
    }

    /** The status that was sent; 0 if none was. */
    public int status() {
        return status;
    }

    /** The response headers that were sent. */
    public Headers sentHeaders() {
        return sentHeaders;
    }

    /** Who made the response: {@code service}, {@code exit} or {@code error}. */
    public String source() {
        return source;
    }

    void sent(int sentStatus, Headers sent, String by) {
        status = sentStatus;
        sentHeaders = sent;
        source = by;
    }

    /** The service's whole response is there, for plugins to change. */
    void responded(ServiceResponse whole, Headers headers) {
        sent(whole.status(), headers, "service");
        response = headers;
        serviceResponse = Optional.of(whole);
    }

    /** The service's response, if plugins asked for all of it before it is sent. */
    public Optional<ServiceResponse> serviceResponse() {
        return serviceResponse;
    }

    /** Sets the response's status; without effect before there is one. */
    public void status(int value) {
        if (serviceResponse.isPresent()) {
            status = value;
        }
    }

    void proxied() {
        proxiedNanos = System.nanoTime();
    }

    boolean wasProxied() {
        return proxiedNanos != 0;
    }

    void answered() {
        answeredNanos = System.nanoTime();
    }

    /** Milliseconds from the request to the service's first byte, so far or at all. */
    long upstreamMillis() {
        var end = answeredNanos == 0 ? System.nanoTime() : answeredNanos;
        return (end - proxiedNanos) / 1_000_000;
    }

    /** Milliseconds that Kong took before the service was asked. */
    long proxyMillis() {
        return (proxiedNanos - startNanos) / 1_000_000;
    }

    long elapsedMillis() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    /** What the response took, in milliseconds. */
    public record Times(long request, long kong, long service) {}

    /** For after the response; {@code service} is -1 if none was asked. */
    public Times times() {
        long request = (endNanos - startNanos) / 1_000_000;
        return wasProxied()
                ? new Times(request, request - upstreamMillis(), upstreamMillis())
                : new Times(request, request, -1);
    }

    /** About the size of the whole request. */
    public long receivedBytes() {
        return head.size() + body.seen();
    }

    /** The size of the whole response, once it was sent. */
    public long sentBytes() {
        return sentBytes;
    }

    void ended(long bytes) {
        endNanos = System.nanoTime();
        sentBytes = bytes;
    }
}
