// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.jan.gateway.config.Consumer;
import ai.jan.gateway.config.Declaration;
import ai.jan.gateway.config.TrustedIps;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.UriCapturesResult;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.HeaderValues;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkCalls;
import ai.jan.kong.testkit.PdkHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Kong's PDK over a live request. A function that is not here raises an error, as an unknown one
 * does in Kong, so that a plugin never works by an answer we made up. Thread-safe.
 */
final class KongPdk {
    private static final Logger LOG = LoggerFactory.getLogger("kong.plugin");

    private final List<Consumer> consumers;
    private final TrustedIps trusted;
    private final String node;
    private final PdkCalls<Exchange> calls;

    KongPdk(Declaration declaration, TrustedIps trusted, String node) {
        this.consumers = declaration.consumers();
        this.trusted = trusted;
        this.node = node;
        var builder = PdkCalls.<Exchange>builder();
        client(builder);
        common(builder);
        request(builder);
        response(builder);
        ServiceCalls.addTo(builder, declaration.upstreams());
        this.calls = builder.build();
    }

    PdkHost bind(Exchange exchange) {
        return calls.bind(exchange);
    }

    private void client(PdkCalls.Builder<Exchange> builder) {
        builder.on(PdkMethods.CLIENT_GET_IP, (exchange, _) -> exchange.client().ip())
                .on(PdkMethods.CLIENT_GET_FORWARDED_IP, (exchange, _) -> exchange.forwarded().ip())
                .on(PdkMethods.CLIENT_GET_PORT, (exchange, _) -> exchange.client().port())
                .on(
                        PdkMethods.CLIENT_GET_FORWARDED_PORT,
                        (exchange, _) ->
                                exchange.forwarded().ip().equals(exchange.client().ip())
                                        ? exchange.client().port()
                                        : null)
                .on(PdkMethods.CLIENT_GET_CREDENTIAL, (_, _) -> null)
                .on(
                        PdkMethods.CLIENT_LOAD_CONSUMER,
                        (_, wanted) ->
                                consumers.stream()
                                        .filter(consumer ->
                                                wanted.id()
                                                        .equals(
                                                                wanted.byUsername()
                                                                        ? consumer.username()
                                                                        : consumer.id()))
                                        .findFirst()
                                        .map(Entities::consumer)
                                        .orElse(null))
                .on(
                        PdkMethods.CLIENT_GET_CONSUMER,
                        (exchange, _) -> exchange.consumer().map(Entities::consumer).orElse(null))
                .run(
                        PdkMethods.CLIENT_AUTHENTICATE,
                        (exchange, who) -> {
                            if (who.consumer() != null) {
                                exchange.consumer(Entities.consumer(who.consumer()));
                            }
                        })
                .on(
                        PdkMethods.CLIENT_GET_PROTOCOL,
                        (exchange, _) ->
                                exchange.match().isPresent() ? exchange.client().scheme() : null);
    }

    private void common(PdkCalls.Builder<Exchange> builder) {
        builder.run(
                        PdkMethods.CTX_SHARED_SET,
                        (exchange, pair) -> {
                            if (pair.v() instanceof Value.Nil
                                    || pair.v().equals(new Value.Flag(false))) {
                                exchange.shared().remove(pair.k());
                            } else {
                                exchange.shared().put(pair.k(), pair.v());
                            }
                        })
                .on(
                        PdkMethods.CTX_SHARED_GET,
                        (exchange, key) -> (Value) exchange.shared().get(key))
                .on(PdkMethods.IP_IS_TRUSTED, (_, ip) -> trusted.contains(ip))
                .on(PdkMethods.NGINX_GET_VAR, KongPdk::variable)
                .on(PdkMethods.NGINX_GET_SUBSYSTEM, (_, _) -> "http")
                .on(PdkMethods.NGINX_REQ_START_TIME, (exchange, _) -> exchange.startedAt() / 1000.0)
                .on(PdkMethods.NODE_GET_ID, (_, _) -> node)
                .on(PdkMethods.ROUTER_GET_ROUTE, (exchange, _) -> Entities.route(exchange))
                .on(PdkMethods.ROUTER_GET_SERVICE, (exchange, _) -> Entities.service(exchange));
        log(builder, PdkMethods.LOG_ALERT, Level.ERROR);
        log(builder, PdkMethods.LOG_CRIT, Level.ERROR);
        log(builder, PdkMethods.LOG_ERR, Level.ERROR);
        log(builder, PdkMethods.LOG_WARN, Level.WARN);
        log(builder, PdkMethods.LOG_NOTICE, Level.INFO);
        log(builder, PdkMethods.LOG_INFO, Level.DEBUG);
        log(builder, PdkMethods.LOG_DEBUG, Level.TRACE);
    }

    private static void log(
            PdkCalls.Builder<Exchange> builder, PdkMethod<ListValue, ?> method, Level level) {
        builder.run(
                method,
                (exchange, parts) -> {
                    var text = new StringBuilder();
                    parts.values().forEach(part -> text.append(part.toJava()));
                    LOG.atLevel(level).log("{} (request {})", text, exchange.id());
                });
    }

    /** The nginx variables that plugins have a use for. */
    private static @Nullable String variable(Exchange exchange, String name) throws LuaError {
        if (name.startsWith("http_")) {
            return exchange.headers()
                    .first(name.substring(5).replace('_', '-'))
                    .map(Texts::java)
                    .orElse(null);
        }
        return switch (name) {
            case "kong_request_id", "request_id" -> exchange.id();
            case "remote_addr" -> exchange.forwarded().ip();
            case "realip_remote_addr" -> exchange.client().ip();
            case "request_uri" -> Texts.java(exchange.rawPath() + exchange.query());
            case "request_method" -> exchange.method();
            case "uri" -> Texts.java(exchange.path());
            case "args" -> Texts.java(exchange.query().replaceFirst("^\\?", ""));
            case "host" -> exchange.host();
            case "scheme" -> exchange.client().scheme();
            case "https" -> exchange.client().tls() ? "on" : null;
            case "server_port" -> Integer.toString(exchange.client().serverPort());
            case "server_protocol" -> "HTTP/1." + exchange.version() % 10;
            case "content_length" -> exchange.headers().first("Content-Length").orElse(null);
            case "content_type" -> exchange.headers().first("Content-Type").orElse(null);
            default -> throw new LuaError("the stand-in does not support nginx variable " + name);
        };
    }

    private static void request(PdkCalls.Builder<Exchange> builder) {
        builder.on(PdkMethods.REQUEST_GET_SCHEME, (exchange, _) -> exchange.client().scheme())
                .on(PdkMethods.REQUEST_GET_HOST, (exchange, _) -> exchange.host())
                .on(PdkMethods.REQUEST_GET_PORT, (exchange, _) -> exchange.client().serverPort())
                .on(
                        PdkMethods.REQUEST_GET_FORWARDED_SCHEME,
                        (exchange, _) ->
                                forwarded(exchange, "Proto")
                                        .map(scheme -> scheme.toLowerCase(Locale.ROOT))
                                        .orElse(exchange.client().scheme()))
                .on(
                        PdkMethods.REQUEST_GET_FORWARDED_HOST,
                        (exchange, _) -> forwarded(exchange, "Host").orElse(exchange.host()))
                .on(
                        PdkMethods.REQUEST_GET_FORWARDED_PORT,
                        (exchange, _) ->
                                forwarded(exchange, "Port")
                                        .filter(port -> port.matches("\\d{1,5}"))
                                        .map(Integer::valueOf)
                                        .orElse(exchange.client().serverPort()))
                .on(PdkMethods.REQUEST_GET_HTTP_VERSION, (exchange, _) -> exchange.version() / 10.0)
                .on(PdkMethods.REQUEST_GET_METHOD, (exchange, _) -> exchange.method())
                .on(PdkMethods.REQUEST_GET_PATH, (exchange, _) -> Texts.java(exchange.path()))
                .on(
                        PdkMethods.REQUEST_GET_PATH_WITH_QUERY,
                        (exchange, _) -> Texts.java(exchange.rawPath() + exchange.query()))
                .on(
                        PdkMethods.REQUEST_GET_RAW_QUERY,
                        (exchange, _) -> Texts.java(exchange.query().replaceFirst("^\\?", "")))
                .on(PdkMethods.REQUEST_GET_QUERY_ARG, KongPdk::queryArgument)
                .on(PdkMethods.REQUEST_GET_QUERY, KongPdk::query)
                .on(
                        PdkMethods.REQUEST_GET_HEADER,
                        (exchange, name) -> header(exchange.headers(), name))
                .on(
                        PdkMethods.REQUEST_GET_HEADERS,
                        (exchange, most) -> headers(exchange.headers(), most))
                .on(
                        PdkMethods.REQUEST_GET_RAW_BODY,
                        (exchange, _) -> {
                            try {
                                return ServiceCalls.body(exchange);
                            } catch (IOException e) {
                                throw new LuaError("the request body cannot be read");
                            }
                        })
                .on(PdkMethods.REQUEST_GET_URI_CAPTURES, (exchange, _) -> captures(exchange));
    }

    private static Optional<String> forwarded(Exchange exchange, String name) {
        return exchange.forwarded().trusted()
                ? exchange.headers().first("X-Forwarded-" + name)
                : Optional.empty();
    }

    private static @Nullable String queryArgument(Exchange exchange, String name) throws LuaError {
        for (var argument : Query.parse(exchange.query(), Query.MOST)) {
            if (argument.name().equals(Texts.bytes(name))) {
                return Texts.java(
                        argument.value()
                                .orElseThrow(
                                        () -> new LuaError("an argument without value is true")));
            }
        }
        return null;
    }

    private static Struct query(Exchange exchange, int most) {
        var all = new LinkedHashMap<String, List<Value>>();
        for (var argument : Query.parse(exchange.query(), most)) {
            Value value =
                    argument.value()
                            .<Value>map(text -> new Value.Text(Texts.java(text)))
                            .orElse(new Value.Flag(true));
            all.computeIfAbsent(Texts.java(argument.name()), _ -> new ArrayList<>()).add(value);
        }
        return struct(all);
    }

    private static Struct struct(Map<String, List<Value>> all) {
        var fields = new LinkedHashMap<String, Value>();
        all.forEach((name, values) ->
                fields.put(name, values.size() == 1 ? values.getFirst() : new ListValue(values)));
        return new Struct(fields);
    }

    private static @Nullable String header(Headers headers, String name) {
        return headers.first(name)
                .or(() -> headers.first(name.replace('_', '-')))
                .map(Texts::java)
                .orElse(null);
    }

    private static Struct headers(Headers headers, int most) {
        var all = new LinkedHashMap<String, List<Value>>();
        headers.lines().stream()
                .limit(most)
                .forEach(line ->
                        all.computeIfAbsent(
                                        Texts.java(line.name()).toLowerCase(Locale.ROOT),
                                        _ -> new ArrayList<>())
                                .add(new Value.Text(Texts.java(line.value()))));
        return struct(all);
    }

    private static @Nullable UriCapturesResult captures(Exchange exchange) {
        var match = exchange.match().orElse(null);
        if (match == null || match.captures().isEmpty()) {
            return null;
        }
        var named = new LinkedHashMap<String, Bytes>();
        match.named().forEach((name, value) -> named.put(name, bytes(value)));
        return new UriCapturesResult(match.captures().stream().map(KongPdk::bytes).toList(), named);
    }

    private static Bytes bytes(String latin1) {
        return Bytes.of(latin1.getBytes(ISO_8859_1));
    }

    private static void response(PdkCalls.Builder<Exchange> builder) {
        builder.on(PdkMethods.RESPONSE_GET_STATUS, (exchange, _) -> exchange.status())
                .on(
                        PdkMethods.RESPONSE_GET_HEADER,
                        (exchange, name) -> header(exchange.sentHeaders(), name))
                .on(
                        PdkMethods.RESPONSE_GET_HEADERS,
                        (exchange, _) -> headers(exchange.sentHeaders(), 100))
                .on(
                        PdkMethods.SERVICE_RESPONSE_GET_STATUS,
                        (exchange, _) -> service(exchange).status())
                .on(
                        PdkMethods.SERVICE_RESPONSE_GET_HEADER,
                        (exchange, name) -> header(service(exchange).headers(), name))
                .on(
                        PdkMethods.SERVICE_RESPONSE_GET_HEADERS,
                        (exchange, _) -> { // a table without keys of its own, in Kong
                            service(exchange);
                            return Struct.EMPTY;
                        })
                .on(
                        PdkMethods.SERVICE_RESPONSE_GET_RAW_BODY,
                        (exchange, _) -> Bytes.of(service(exchange).body()))
                .on(PdkMethods.RESPONSE_GET_SOURCE, (exchange, _) -> exchange.source())
                .run(PdkMethods.RESPONSE_SET_STATUS, (exchange, status) -> exchange.status(status))
                .run(
                        PdkMethods.RESPONSE_SET_HEADER,
                        (exchange, pair) ->
                                setHeader(exchange.response(), pair.k(), HeaderValues.of(pair.v())))
                .run(
                        PdkMethods.RESPONSE_ADD_HEADER,
                        (exchange, pair) ->
                                HeaderValues.of(pair.v())
                                        .forEach(value ->
                                                exchange.response()
                                                        .add(pair.k(), responseValue(value))))
                .run(
                        PdkMethods.RESPONSE_CLEAR_HEADER,
                        (exchange, name) -> exchange.response().remove(name))
                .run(
                        PdkMethods.RESPONSE_SET_HEADERS,
                        (exchange, headers) ->
                                HeaderValues.of(headers)
                                        .forEach((name, values) ->
                                                setHeader(exchange.response(), name, values)));
    }

    private static Exchange.ServiceResponse service(Exchange exchange) throws LuaError {
        return exchange.serviceResponse()
                .orElseThrow(() -> new LuaError("the response is not buffered"));
    }

    private static void setHeader(Headers headers, String name, List<String> values) {
        if (name.equalsIgnoreCase("Transfer-Encoding")) {
            return; // Kong refuses it with a warning
        }
        headers.remove(name);
        values.forEach(value -> headers.add(name, responseValue(value)));
    }

    /** An empty value becomes a space; a line end would begin a new header. */
    private static String responseValue(String value) {
        return value.isEmpty() ? " " : Texts.bytes(value).replaceAll("[\r\n\0]", " ");
    }
}
