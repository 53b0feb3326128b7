// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.Upstream;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.RawBodyResult;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.HeaderValues;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkCalls;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code kong.service} and the request body: what a plugin changes of the request to the service.
 */
final class ServiceCalls {
    private ServiceCalls() {}

    static void addTo(PdkCalls.Builder<Exchange> builder, List<Upstream> upstreams) {
        builder.on(
                        PdkMethods.SERVICE_SET_UPSTREAM,
                        (exchange, name) -> setUpstream(exchange, name, upstreams))
                .run(
                        PdkMethods.SERVICE_SET_TARGET,
                        (exchange, target) ->
                                exchange.changes().target =
                                        Optional.of(
                                                new Exchange.Target(target.host(), target.port())))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_SCHEME,
                        (exchange, scheme) -> exchange.changes().scheme = Optional.of(scheme))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_PATH,
                        (exchange, path) ->
                                exchange.changes().path = Optional.of(Texts.bytes(path)))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_RAW_QUERY,
                        (exchange, query) ->
                                exchange.changes().query = Optional.of(Texts.bytes(query)))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_METHOD,
                        (exchange, method) -> exchange.changes().method = Optional.of(method))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_QUERY,
                        (exchange, query) -> exchange.changes().query = Optional.of(encode(query)))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_HEADER,
                        (exchange, pair) -> set(exchange, pair.k(), HeaderValues.of(pair.v())))
                .run(
                        PdkMethods.SERVICE_REQUEST_ADD_HEADER,
                        (exchange, pair) ->
                                HeaderValues.of(pair.v())
                                        .forEach(value ->
                                                exchange.headers().add(pair.k(), value(value))))
                .run(
                        PdkMethods.SERVICE_REQUEST_CLEAR_HEADER,
                        (exchange, name) -> exchange.headers().remove(name))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_HEADERS,
                        (exchange, headers) ->
                                HeaderValues.of(headers)
                                        .forEach((name, values) -> set(exchange, name, values)))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_RAW_BODY,
                        (exchange, body) -> exchange.changes().body = Optional.of(body.toArray()));
    }

    /** True, or nothing if there is no such upstream. */
    private static @Nullable Boolean setUpstream(
            Exchange exchange, String name, List<Upstream> upstreams) throws LuaError {
        if (upstreams.stream().noneMatch(upstream -> upstream.name().equals(name))) {
            return null;
        }
        var service = exchange.service().orElseThrow(() -> new LuaError("there is no service"));
        if (service.host().matches("[0-9.]+|.*:.*")) {
            // Kong would take the upstream's name for an address as well, and find none
            throw new LuaError("set_upstream needs a service whose host is a name");
        }
        exchange.changes().target = Optional.of(new Exchange.Target(name, service.port()));
        return true;
    }

    private static void set(Exchange exchange, String name, List<String> values) {
        Headers headers = exchange.headers();
        if (name.equalsIgnoreCase("host")) {
            exchange.changes().host = values.stream().findFirst().map(ServiceCalls::value);
        } else if (values.size() == 1) {
            headers.set(name, value(values.getFirst()));
        } else {
            headers.remove(name);
            values.forEach(value -> headers.add(name, value(value)));
        }
    }

    /** OpenResty escapes line ends in request headers. */
    private static String value(String value) {
        return Texts.bytes(value).replace("\r", "%0D").replace("\n", "%0A").replace("\0", "%00");
    }

    /** Sorted and encoded, as Kong does it. */
    private static String encode(Struct query) {
        var encoded = new StringBuilder();
        new TreeMap<>(query.fields())
                .forEach((name, value) -> {
                    var values = value instanceof ListValue(var items) ? items : List.of(value);
                    values.forEach(item -> append(encoded, name, item));
                });
        return encoded.toString();
    }

    private static void append(StringBuilder encoded, String name, Value value) {
        if (value instanceof Value.Nil || value.equals(new Value.Flag(false))) {
            return;
        }
        if (!encoded.isEmpty()) {
            encoded.append('&');
        }
        encoded.append(Query.escape(Texts.bytes(name)));
        if (!(value instanceof Value.Flag)) {
            encoded.append('=');
            HeaderValues.text(value)
                    .ifPresent(text -> encoded.append(Query.escape(Texts.bytes(text))));
        }
    }

    /** {@code kong.request.get_raw_body}. */
    static RawBodyResult body(Exchange exchange) throws IOException {
        var bytes = exchange.bodyBytes();
        return bytes.isPresent()
                ? RawBodyResult.ofContent(Bytes.of(bytes.get()))
                : RawBodyResult.ofFile(
                        exchange.bodyFile().orElseThrow().toAbsolutePath().toString());
    }
}
