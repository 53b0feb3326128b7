// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Takes spans as a collector does (OTLP over HTTP, protobuf) and keeps them. Field numbers are
 * those of {@code opentelemetry/proto/trace/v1/trace.proto}.
 */
final class TestingTraces implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int ERROR = 2;

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    /**
     * A span that has arrived.
     *
     * @param parent empty if it has none
     * @param attributes as texts; of a list all, with commas between
     * @param links the ids of the spans that it points at
     */
    record Span(
            String service,
            String trace,
            String id,
            String parent,
            String name,
            int kind,
            Map<String, String> attributes,
            List<String> events,
            List<String> links,
            int status) {
        boolean isService() {
            return kind == SERVER;
        }

        boolean isCall() {
            return kind == CLIENT;
        }

        boolean isFailed() {
            return status == ERROR;
        }

        boolean isOf(String process, String what) {
            return service.equals(process) && name.equals(what);
        }
    }

    TestingTraces() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    /** Where to send them: the value of {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Span> all() {
        return List.copyOf(spans);
    }

    /** The first span of this kind; waits for it. */
    Span await(Predicate<Span> wanted) throws InterruptedException {
        var deadline = Instant.now().plus(PATIENCE);
        while (true) {
            var found = spans.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("no such span; the last are " + last());
            }
            Thread.sleep(50);
        }
    }

    private List<Span> last() {
        return all().subList(Math.max(0, spans.size() - 50), spans.size());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody();
            var isZipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            var request = UnknownFieldSet.parseFrom(isZipped ? new GZIPInputStream(body) : body);
            for (var resource : messages(request, 1)) {
                var service =
                        messages(resource, 1).stream()
                                .map(TestingTraces::attributes)
                                .map(all -> all.getOrDefault("service.name", ""))
                                .findFirst()
                                .orElse("");
                for (var scope : messages(resource, 2)) {
                    for (var span : messages(scope, 2)) {
                        spans.add(span(service, span));
                    }
                }
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Span span(String service, UnknownFieldSet span)
            throws InvalidProtocolBufferException {
        var attributes = new TreeMap<String, String>();
        for (var pair : messages(span, 9)) {
            attribute(pair, attributes);
        }
        return new Span(
                service,
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                text(span, 5),
                number(span, 6),
                attributes,
                messages(span, 11).stream().map(event -> text(event, 2)).toList(),
                messages(span, 13).stream().map(link -> hex(link, 2)).toList(),
                messages(span, 15).stream().mapToInt(status -> number(status, 3)).sum());
    }

    /** Of a message whose field 1 is its attributes. */
    private static Map<String, String> attributes(UnknownFieldSet message) {
        var all = new TreeMap<String, String>();
        messages(message, 1).forEach(pair -> attribute(pair, all));
        return all;
    }

    private static void attribute(UnknownFieldSet pair, Map<String, String> all) {
        for (var value : messages(pair, 2)) {
            all.put(text(pair, 1), text(value));
        }
    }

    /** Of a value that is a text, a number or a list. */
    private static String text(UnknownFieldSet value) {
        if (value.hasField(1)) {
            return text(value, 1);
        }
        return value.hasField(5)
                ? messages(value, 5).stream()
                        .flatMap(list -> messages(list, 1).stream())
                        .map(TestingTraces::text)
                        .collect(Collectors.joining(","))
                : "" + number(value, 3);
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .map(TestingTraces::message)
                .toList();
    }

    private static UnknownFieldSet message(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("not a message", e);
        }
    }

    private static String text(UnknownFieldSet message, int field) {
        return bytes(message, field).toString(UTF_8);
    }

    private static String hex(UnknownFieldSet message, int field) {
        return HexFormat.of().formatHex(bytes(message, field).toByteArray());
    }

    private static ByteString bytes(UnknownFieldSet message, int field) {
        var values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.getFirst();
    }

    private static int number(UnknownFieldSet message, int field) {
        var values = message.getField(field).getVarintList();
        return values.isEmpty() ? 0 : Math.toIntExact(values.getFirst());
    }
}
