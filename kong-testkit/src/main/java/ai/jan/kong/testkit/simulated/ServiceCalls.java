// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.HeaderValues;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkCalls;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** {@code kong.service}: what the service gets, and what it has answered. */
final class ServiceCalls {
    /** To add one of them is to set it. */
    private static final Set<String> SINGLE = Set.of("host", "content-type", "content-length");

    private ServiceCalls() {}

    static void addTo(PdkCalls.Builder<Exchange> calls) {
        request(calls);
        response(calls);
        calls.on(
                        PdkMethods.SERVICE_SET_UPSTREAM,
                        (exchange, name) -> {
                            boolean known = exchange.kong.upstreams().containsKey(name);
                            if (known) {
                                exchange.upstream = Optional.of(name);
                            }
                            return known ? true : null;
                        })
                .run(
                        PdkMethods.SERVICE_SET_TARGET,
                        (exchange, target) -> exchange.target = Optional.of(target));
    }

    private static void request(PdkCalls.Builder<Exchange> calls) {
        calls.run(
                        PdkMethods.SERVICE_REQUEST_SET_SCHEME,
                        (exchange, scheme) -> exchange.scheme = Optional.of(scheme))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_PATH,
                        (exchange, path) -> exchange.path = Optional.of(path))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_RAW_QUERY,
                        (exchange, query) -> exchange.query = query.replace(" ", "%20"))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_METHOD,
                        (exchange, method) -> exchange.method = method)
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_QUERY,
                        (exchange, query) -> exchange.query = encode(query))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_RAW_BODY,
                        (exchange, body) -> {
                            exchange.body = Optional.of(body);
                            exchange.headers.set("Content-Length", String.valueOf(body.length()));
                        })
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_HEADER,
                        (exchange, pair) -> set(exchange, pair.k(), HeaderValues.of(pair.v())))
                .run(
                        PdkMethods.SERVICE_REQUEST_ADD_HEADER,
                        (exchange, pair) -> {
                            if (SINGLE.contains(pair.k().toLowerCase(Locale.ROOT))) {
                                set(exchange, pair.k(), HeaderValues.of(pair.v()));
                            } else {
                                added(pair.v())
                                        .forEach(value ->
                                                exchange.headers.add(
                                                        pair.k(), ResponseCalls.clean(value)));
                            }
                        })
                .run(
                        PdkMethods.SERVICE_REQUEST_CLEAR_HEADER,
                        (exchange, name) -> exchange.headers.remove(name))
                .run(
                        PdkMethods.SERVICE_REQUEST_SET_HEADERS,
                        (exchange, headers) ->
                                HeaderValues.of(headers)
                                        .forEach((name, values) -> set(exchange, name, values)));
    }

    private static void set(Exchange exchange, String name, List<String> values) {
        if (name.equalsIgnoreCase("Host")) {
            exchange.host = values.stream().findFirst();
            exchange.headers.set(name, values);
        } else {
            exchange.headers.set(name, values.stream().map(ResponseCalls::clean).toList());
        }
    }

    /** A table is added as Lua writes it. */
    private static List<String> added(Value value) {
        return value instanceof ListValue || value instanceof Struct
                ? List.of("table: 0x7f0000000000")
                : HeaderValues.of(value);
    }

    /** Sorted and escaped; false drops an argument, true leaves it without a value. */
    private static String encode(Struct query) {
        var out = new StringBuilder();
        new TreeMap<>(query.fields())
                .forEach((name, value) -> {
                    var values =
                            switch (value) {
                                case ListValue(var items) -> items;
                                case Struct(var fields) -> fields.values();
                                default -> List.of(value);
                            };
                    values.forEach(item -> append(out, name, LuaValues.received(item)));
                });
        return out.toString();
    }

    private static void append(StringBuilder out, String name, Value value) {
        if (value instanceof Value.Nil) {
            return;
        }
        if (!out.isEmpty()) {
            out.append('&');
        }
        out.append(RequestPaths.escapeArgument(name));
        if (!(value instanceof Value.Flag)) {
            HeaderValues.text(value)
                    .ifPresent(text -> out.append('=').append(RequestPaths.escapeArgument(text)));
        }
    }

    private static void response(PdkCalls.Builder<Exchange> calls) {
        calls.on(PdkMethods.SERVICE_RESPONSE_GET_STATUS, (exchange, _) -> answer(exchange).status())
                .on(
                        PdkMethods.SERVICE_RESPONSE_GET_HEADER,
                        (exchange, name) -> answer(exchange).headers().find(name).orElse(null))
                .on(
                        PdkMethods.SERVICE_RESPONSE_GET_HEADERS,
                        (exchange, _) -> {
                            answer(exchange);
                            return Struct.EMPTY; // a table without keys of its own
                        })
                .on(
                        PdkMethods.SERVICE_RESPONSE_GET_RAW_BODY,
                        (exchange, _) -> answer(exchange).body());
    }

    /** In log, only a buffered answer is still there. */
    private static SimulatedResponse answer(Exchange exchange) throws LuaError {
        if (exchange.phase == Phase.LOG && !exchange.buffered) {
            throw new LuaError("API disabled in the context of ngx.timer");
        }
        return exchange.answered.orElseThrow(() -> new LuaError("the service has not answered"));
    }
}
